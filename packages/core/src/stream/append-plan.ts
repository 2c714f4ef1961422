import {
  isWebSocketError,
  WebSocketError,
  type CheckedEventInput,
  type EventId,
  type Offset,
  type ThreadId,
} from '@ws/types';
import type { NewLogEvent } from '../log/event-log.ts';
import { applyRunEvent, changesRuns } from '../run/apply-run-event.ts';
import type { RunEvent } from '../run/run-event.ts';
import { judgeRunOrder } from '../run/run-order.ts';
import { RunOverlay, type RunView } from '../run/run-table.ts';
import { encodeEvent, type Envelopes } from './event-codec.ts';
import type { IdentifiedEvent } from './pending-batch.ts';
import { assertSameEvent, assertSameInput, type StoredEvent } from './repeated-id.ts';

/** What planning needs to know besides the runs. */
export interface PlanContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly maxEventBytes: number;
  /** The thread an isolated stream is bound to. */
  readonly isolatedThread: ThreadId | undefined;
  /** Events the log holds already, by their ids; `undefined` where no event was ever on its way to it. */
  readonly known: ReadonlyMap<EventId, StoredEvent> | undefined;
  /** Open runs the user may have. */
  readonly maxOpenRuns: number;
  readonly envelopes: Envelopes;
}

/** An event that the log holds already. */
export class KnownEvent {
  readonly eventId: EventId;
  readonly offset: Offset;

  constructor(eventId: EventId, offset: Offset) {
    this.eventId = eventId;
    this.offset = offset;
  }
}

/** One event of a batch: known to the log already, or to be written. */
export type PlannedEvent = KnownEvent | NewLogEvent;

/**
 * Judges one batch against the run order and encodes it. All or nothing: the first event that may not come refuses the batch.
 * What the batch changes about runs is kept in `runs` only if it is good.
 *
 * @throws the error of the event that is refused
 */
export function planBatch(
  events: readonly IdentifiedEvent[],
  runs: RunOverlay,
  context: PlanContext,
): readonly PlannedEvent[] {
  const overlay = new RunOverlay(runs);
  const byId = new Map<string, { readonly event: IdentifiedEvent; readonly plan: PlannedEvent }>();
  const plan = (event: IdentifiedEvent): PlannedEvent => {
    if (event.input.event_id === undefined) return planEvent(event, overlay, context);
    const first = byId.get(event.eventId);
    if (first !== undefined) {
      // The same id again within the batch is the same event: the log writes it once and answers for both.
      assertSameInput(first.event, event);
      return first.plan;
    }
    const planned = planEvent(event, overlay, context);
    byId.set(event.eventId, { event, plan: planned });
    return planned;
  };
  const planned = events.map((event, index) => {
    try {
      return plan(event);
    } catch (error) {
      throw events.length === 1 ? error : ofBatch(error, index);
    }
  });
  overlay.mergeInto(runs);
  return planned;
}

/** The refusal of a batch, which names the event that is refused. */
function ofBatch(error: unknown, index: number): unknown {
  if (!isWebSocketError(error)) return error;
  return new WebSocketError(error.code, `events[${index}]: ${error.message}`, { cause: error, details: error.details });
}

/** Judges one event and encodes it. What it changes about runs is written into `runs`. Throws if it is refused. */
export function planEvent(identified: IdentifiedEvent, runs: RunView, context: PlanContext): PlannedEvent {
  const { input, eventId, payloadText } = identified;
  const known = context.known?.get(eventId);
  if (known !== undefined) {
    assertSameEvent(identified, known, context.isolatedThread);
    return new KnownEvent(eventId, known.offset);
  }
  const event = toOrderedEvent(input, runs, context);
  const refusal = judgeRunOrder(runs, event);
  if (refusal !== undefined) throw refusal;
  if (event.type === 'agent_started' && runs.openCount >= context.maxOpenRuns) {
    throw new WebSocketError('RUN_LIMIT', `agent_started: the user has ${runs.openCount} open runs: end one first`);
  }
  const fresh = context.known === undefined && input.event_id === undefined;
  const stamp = { eventId, threadId: event.threadId, timestamp: context.now, fresh };
  const write = encodeEvent(input, payloadText, stamp, context.maxEventBytes, context.envelopes);
  if (changesRuns(event.type)) applyRunEvent(runs, event, 0);
  return write;
}

/**
 * As {@link planEvent}, for one that brings no id and changes nothing about runs, as most. `undefined` for any other, and for one
 * that is refused: the long way says why.
 */
export function planPlainEvent(event: IdentifiedEvent, runs: RunView, context: PlanContext): NewLogEvent | undefined {
  const { event_id, type } = event.input;
  if (event_id !== undefined || changesRuns(type)) return undefined;
  try {
    const planned = planEvent(event, runs, context);
    return planned instanceof KnownEvent ? undefined : planned;
  } catch {
    return undefined;
  }
}

function toOrderedEvent(event: CheckedEventInput, runs: RunView, context: PlanContext): RunEvent {
  // The door (`parseEventInput`) checked that these are ids.
  const runId = event.run_id as RunEvent['runId'];
  const asked = event.thread_id as ThreadId | undefined;
  const { isolatedThread } = context;
  if (isolatedThread !== undefined && asked !== undefined && asked !== isolatedThread) {
    throw new WebSocketError(
      'ISOLATION_VIOLATION',
      `${event.type}: this manager is bound to thread ${isolatedThread} and takes no events of thread ${asked}`,
    );
  }
  // An event of a run belongs to the run's thread, also where the publisher does not repeat it.
  const threadId = asked ?? isolatedThread ?? (runId === undefined ? undefined : runs.get(runId)?.threadId);
  return { type: event.type, runId, threadId, timestamp: context.now, payload: event.payload };
}
