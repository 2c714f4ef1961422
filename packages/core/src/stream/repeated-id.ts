import { isDeepStrictEqual } from 'node:util';
import { WebSocketError, type EventId, type Offset, type ThreadId } from '@ws/types';
import type { EventLog, LogEvent } from '../log/event-log.ts';
import type { StreamKey } from '../stream-key.ts';
import type { IdentifiedEvent } from './pending-batch.ts';

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
export function assertSameEvent(
  { input, eventId, payloadText }: IdentifiedEvent,
  { offset, event }: StoredEvent,
  isolatedThread: ThreadId | undefined,
): void {
  if (event === undefined) return;
  const field = differingField(input, payloadText, event, isolatedThread);
  if (field !== undefined) throw idConflict(eventId, offset, field);
}

/** Refuses the second of two events of one batch that share an id and say something else. Throws `ID_CONFLICT`. */
export function assertSameInput(first: IdentifiedEvent, second: IdentifiedEvent): void {
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
