import { isDeepStrictEqual } from 'node:util';
import {
  isWebSocketError,
  WebSocketError,
  type CheckedEventInput,
  type ErrorCode,
  type EventId,
  type Offset,
  type ThreadId,
} from '@ws/types';
import type { EventLog, LogEvent, NewLogEvent } from '../log/event-log.ts';
import { applyRunEvent, changesRuns } from '../run/apply-run-event.ts';
import type { RunEvent } from '../run/run-event.ts';
import { judgeRunOrder } from '../run/run-order.ts';
import { RunOverlay, type RunTable, type RunView } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import { encodeEvent, type Envelopes } from './event-codec.ts';
import type { IdentifiedEvent, PendingBatch } from './pending-batch.ts';

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

/** Batches that were judged together, to be written in one append. */
export interface GroupPlan {
  /** Those that are good. */
  readonly batches: readonly PendingBatch[];
  /** Their events, one batch after the other. */
  readonly events: readonly PlannedEvent[];
  /** Those of the events that the log does not hold yet. */
  readonly writes: readonly NewLogEvent[];
  readonly refused: readonly { readonly batch: PendingBatch; readonly error: unknown }[];
  /** Whether a batch was refused for a reason that may be gone when this process has heard of everything. */
  readonly mayBeStale: boolean;
}

/** Refusals that may only mean that this process has not heard yet of what another one appended. */
const MAY_BE_STALE: ReadonlySet<string> = new Set<ErrorCode>([
  'RUN_NOT_OPEN',
  'RUN_LIMIT',
  'TOOL_CALL_NOT_EXECUTING',
  'TOOL_CALLS_OPEN',
  'APPROVAL_ALREADY_PENDING',
  'APPROVAL_NOT_PENDING',
]);

/** Judges each batch on top of the ones before it that are good. */
export function planGroup(group: readonly PendingBatch[], table: RunTable, context: PlanContext): GroupPlan {
  const runs = new RunOverlay(table);
  const events: PlannedEvent[] = [];
  const refused: GroupPlan['refused'][number][] = [];
  const batches = group.filter((batch) => {
    try {
      for (const event of planBatch(batch.events, runs, context)) events.push(event);
      return true;
    } catch (error) {
      refused.push({ batch, error });
      return false;
    }
  });
  const mayBeStale = refused.some(({ error }) => isWebSocketError(error) && MAY_BE_STALE.has(error.code));
  // Mostly all of them are to be written: no second list is made then.
  return { batches, events, writes: events.every(isWrite) ? events : events.filter(isWrite), refused, mayBeStale };
}

function isWrite(event: PlannedEvent): event is NewLogEvent {
  return !(event instanceof KnownEvent);
}

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
  const [only] = events;
  // It needs no overlay of its own: what it changes is kept if it is good.
  if (only !== undefined && events.length === 1) return [planEvent(only, runs, context)];
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
      throw ofBatch(error, index);
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
function planEvent(identified: IdentifiedEvent, runs: RunView, context: PlanContext): PlannedEvent {
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

// Repeated ids

/** An event whose id the log holds already. */
export interface StoredEvent {
  readonly offset: Offset;
  /** `undefined` where the log knows the id and no longer keeps the event. */
  readonly event: LogEvent | undefined;
}

/**
 * Looks up which of these ids the log holds, and what stands under them.
 *
 * @throws what the log throws
 */
export async function readStored(
  log: EventLog,
  stream: StreamKey,
  eventIds: readonly EventId[],
): Promise<ReadonlyMap<EventId, StoredEvent>> {
  const stored = new Map<EventId, StoredEvent>();
  if (eventIds.length === 0) return stored;
  const offsets = await log.lookup(stream, eventIds);
  for (const [index, eventId] of eventIds.entries()) {
    const offset = offsets[index];
    if (offset === undefined) continue;
    const page = await log.read(stream, offset - 1, 1);
    const event = page.events[0];
    stored.set(eventId, { offset, event: event?.eventId === eventId ? event : undefined });
  }
  return stored;
}

/**
 * Refuses an event that comes under the id of another one. An id that comes again is a repetition, as publishers repeat what they
 * had no answer for: it is answered with the first offset and not written. That holds only if it says the same, which is its type, run,
 * thread and payload as JSON values. Otherwise the new content would be dropped without an error.
 *
 * Of an event that the log no longer keeps nothing is known but its id: a repetition counts as the same.
 *
 * @throws `ID_CONFLICT`
 */
function assertSameEvent(
  { input, eventId, payloadText }: IdentifiedEvent,
  { offset, event }: StoredEvent,
  isolatedThread: ThreadId | undefined,
): void {
  if (event === undefined) return;
  const field = differingField(input, payloadText, event, isolatedThread);
  if (field !== undefined) throw idConflict(eventId, offset, field);
}

/** Refuses the second of two events of one batch that share an id and say something else. Throws `ID_CONFLICT`. */
function assertSameInput(first: IdentifiedEvent, second: IdentifiedEvent): void {
  const { eventId } = second;
  const isSame =
    first.input.type === second.input.type &&
    first.input.run_id === second.input.run_id &&
    first.input.thread_id === second.input.thread_id &&
    isSameJson(first.payloadText, second.payloadText);
  if (!isSame) throw new WebSocketError('ID_CONFLICT', `two events of the batch have the id ${eventId} and differ`);
}

function differingField(
  input: IdentifiedEvent['input'],
  payloadText: string,
  stored: LogEvent,
  isolatedThread: ThreadId | undefined,
): string | undefined {
  if (input.type !== stored.type) return 'type';
  if (input.run_id !== stored.runId) return 'run_id';
  const threadId = input.thread_id ?? isolatedThread;
  // An event of a run belongs to the run's thread, also where its publisher does not say which that is.
  if (threadId !== stored.threadId && !(threadId === undefined && input.run_id !== undefined)) return 'thread_id';
  const { payload } = JSON.parse(stored.data) as { readonly payload: unknown };
  return isDeepStrictEqual(JSON.parse(payloadText), payload) ? undefined : 'payload';
}

function isSameJson(first: string, second: string): boolean {
  return first === second || isDeepStrictEqual(JSON.parse(first), JSON.parse(second));
}

function idConflict(eventId: EventId, offset: Offset, field: string): WebSocketError {
  const message = `event_id ${eventId} stands for another event, at offset ${offset}: its ${field} differs. Use a new id for new content`;
  return new WebSocketError('ID_CONFLICT', message, { details: { event_id: eventId, offset } });
}
