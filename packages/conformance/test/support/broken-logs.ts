import { MemoryEventLog, type EventLog, type RetentionPolicy } from '@ws/core';
import type { AppendResult, LogListener, LogPage, NewLogEvent, StreamHead, StreamKey } from '@ws/core/log';
import type { EventId, Offset, StreamPosition } from '@ws/types';
import type { Topic } from '../../src/index.ts';

/** A log with one deliberate fault, and a topic whose cases have to notice it. */
export interface BrokenLog {
  readonly fault: string;
  readonly noticedBy: Topic;
  readonly open: () => EventLog;
}

class WithGap extends MemoryEventLog {
  override read(key: StreamKey, after: Offset, limit: number): LogPage {
    const page = super.read(key, after, limit);
    return { ...page, events: page.events.filter(({ offset }) => offset !== 2) };
  }
}

class WithoutDedupe extends MemoryEventLog {
  #copies = 0;
  override append(key: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): AppendResult {
    const known = this.lookup(
      key,
      events.map(({ eventId }) => eventId),
    );
    const copies = events.map((event, index) =>
      known[index] === undefined ? event : { ...event, eventId: `copy-${(this.#copies += 1)}` as EventId },
    );
    return super.append(key, copies, ifHead);
  }
}

class WithoutIfHead extends MemoryEventLog {
  override append(key: StreamKey, events: readonly NewLogEvent[]): AppendResult {
    return super.append(key, events);
  }
}

/** Writes the events of one append one by one, with room for others in between. */
function torn(): EventLog {
  const log = new MemoryEventLog();
  const append: EventLog['append'] = async (key, events, ifHead) => {
    if (events.length < 2) return log.append(key, events, ifHead);
    const results: AppendResult[] = [];
    for (const event of events) {
      results.push(log.append(key, [event], results.length === 0 ? ifHead : undefined));
      await Promise.resolve();
      if (results[0]?.kind === 'conflict') return results[0];
    }
    const { epoch } = log.head(key);
    return {
      kind: 'appended',
      epoch,
      events: results.flatMap((result) => (result.kind === 'appended' ? result.events : [])),
    };
  };
  return new Proxy<EventLog>(log, {
    get: (target, name) => {
      if (name === 'append') return append;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

class ReadsFromPosition extends MemoryEventLog {
  override read(key: StreamKey, after: Offset, limit: number): LogPage {
    return super.read(key, Math.max(0, after - 1), limit);
  }
}

class WithoutLimit extends MemoryEventLog {
  override read(key: StreamKey, after: Offset): LogPage {
    return super.read(key, after, Infinity);
  }
}

class TrimsWithoutCheckpoint extends MemoryEventLog {
  override head(key: StreamKey): StreamHead {
    const { checkpoint: _lost, ...head } = super.head(key);
    return head;
  }
}

class TrimsOneTooMany extends MemoryEventLog {
  override trim(key: StreamKey, upTo: Offset, checkpoint: string): void {
    super.trim(key, upTo + 1, checkpoint);
  }
}

class IgnoresBytes extends MemoryEventLog {
  override trimmable(key: StreamKey, policy: RetentionPolicy, now: number): Offset {
    return super.trimmable(key, { ...policy, maxBytes: Infinity }, now);
  }
}

class EpochPerStream extends MemoryEventLog {
  override head(key: StreamKey): StreamHead {
    const head = super.head(key);
    return head.head === 0 ? { ...head, epoch: 'not written yet' } : head;
  }
}

class SameEpochAlways extends MemoryEventLog {
  constructor() {
    super({ ids: { next: () => 'always the same' } });
  }
}

class TellsOfOneEventOnly extends MemoryEventLog {
  override subscribe(key: StreamKey, listener: LogListener): () => void {
    return super.subscribe(key, (epoch, events) => listener(epoch, events.slice(0, 1)));
  }
}

class NeverStopsTelling extends MemoryEventLog {
  override subscribe(key: StreamKey, listener: LogListener): () => void {
    super.subscribe(key, listener);
    return () => undefined;
  }
}

class OpenForEver extends MemoryEventLog {
  override close(): void {
    // Goes on as if nothing had happened.
  }
}

class LeasesLapseEarly extends MemoryEventLog {
  override readonly leases = earlyLeases(new MemoryEventLog().leases);
}

function earlyLeases(leases: EventLog['leases']): EventLog['leases'] {
  return {
    set: (all) => leases.set(all),
    add: (all) => leases.add(all),
    delete: (all) => leases.delete(all),
    expired: (now, limit) => leases.expired(now + 1, limit),
  };
}

export const BROKEN_LOGS: readonly BrokenLog[] = [
  { fault: 'an event is missing in the middle', noticedBy: 'reading', open: () => new WithGap() },
  { fault: 'no dedupe by event id', noticedBy: 'idempotency', open: () => new WithoutDedupe() },
  { fault: 'ifHead is not looked at', noticedBy: 'append', open: () => new WithoutIfHead() },
  { fault: 'appends are torn apart', noticedBy: 'order', open: torn },
  { fault: 'a read includes its position', noticedBy: 'reading', open: () => new ReadsFromPosition() },
  { fault: 'pages have no limit', noticedBy: 'reading', open: () => new WithoutLimit() },
  { fault: 'a trim loses the checkpoint', noticedBy: 'retention', open: () => new TrimsWithoutCheckpoint() },
  { fault: 'a trim takes one too many', noticedBy: 'recovery', open: () => new TrimsOneTooMany() },
  { fault: 'the byte limit is not looked at', noticedBy: 'retention', open: () => new IgnoresBytes() },
  { fault: 'the first append begins a new epoch', noticedBy: 'head and epoch', open: () => new EpochPerStream() },
  { fault: 'events are lost under the same epoch', noticedBy: 'head and epoch', open: () => new SameEpochAlways() },
  { fault: 'listeners hear of one event per append', noticedBy: 'subscription', open: () => new TellsOfOneEventOnly() },
  { fault: 'listeners can not be taken away', noticedBy: 'subscription', open: () => new NeverStopsTelling() },
  { fault: 'calls work after close', noticedBy: 'closing', open: () => new OpenForEver() },
  { fault: 'leases lapse early', noticedBy: 'leases', open: () => new LeasesLapseEarly() },
];

/** Faults that a comparison with the model has to find as well. */
export const FOUND_BY_THE_MODEL: readonly string[] = [
  'an event is missing in the middle',
  'no dedupe by event id',
  'ifHead is not looked at',
  'a read includes its position',
  'a trim loses the checkpoint',
  'a trim takes one too many',
  'the byte limit is not looked at',
];
