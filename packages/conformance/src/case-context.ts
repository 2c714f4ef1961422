import type { EventLog } from '@ws/core';
import type { MaybePromise } from '@ws/core/log';
import type { EventLogCapabilities, EventLogHarness } from './harness.ts';

/** What a case has in hand: logs, and what may be expected of them. */
export interface CaseContext {
  readonly capabilities: Required<EventLogCapabilities>;
  /** A new, empty log; the harness's, or what `using` opens. */
  readonly open: (using?: () => MaybePromise<EventLog>) => Promise<EventLog>;
  /** The log after a restart; the one handed in can't be used any more. */
  readonly reopen: (log: EventLog) => Promise<EventLog>;
  /** A second handle on the same storage. */
  readonly another: (log: EventLog) => Promise<EventLog>;
}

/** A context that remembers what it opened, to clean up after the case. */
export interface TrackedContext extends CaseContext {
  readonly cleanUp: () => Promise<void>;
}

const DEFAULTS: Required<EventLogCapabilities> = {
  durable: true,
  denseOffsets: true,
  tellsOtherHandles: false,
  findsAged: false,
  sharesState: false,
};

/** Makes the context of one case. */
export function trackedContext(harness: EventLogHarness, capabilities: EventLogCapabilities = {}): TrackedContext {
  const handles = new Set<EventLog>();
  const stored = new Set<EventLog>();
  const track = (log: EventLog) => {
    handles.add(log);
    stored.add(log);
    return log;
  };
  return {
    capabilities: { ...DEFAULTS, ...capabilities },
    open: async (using = () => harness.open()) => track(await using()),
    reopen: async (log) => {
      if (harness.reopen === undefined) throw new TypeError('the harness has no reopen()');
      const reopened = await harness.reopen(log);
      handles.delete(log);
      stored.delete(log);
      return track(reopened);
    },
    another: async (log) => {
      if (harness.another === undefined) throw new TypeError('the harness has no another()');
      const second = await harness.another(log);
      handles.add(second);
      return second;
    },
    cleanUp: async () => {
      for (const log of handles) await log.close();
      for (const log of stored) await harness.destroy?.(log);
    },
  };
}
