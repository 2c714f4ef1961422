import { isWebSocketError, type ErrorCode, type EventInput, type Offset, type RunId, type ThreadId } from '@ws/types';
import type { ClosingStatus } from '../run/closing-events.ts';
import { messageEventIdsOf } from '../run/reserved-ids.ts';
import { payloadOf } from '../run/run-event.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { UserStream } from '../stream/user-stream.ts';

/** What an agent is called of which nothing else is known. */
export const UNNAMED_AGENT = 'agent';

/** Codes of a run that was begun by somebody else. */
const BEGUN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'RUN_ALREADY_STARTED',
  'RUN_ALREADY_COMPLETED',
  'RUN_CANCELLED',
]);

/** Whether an error says that the run was begun before, by somebody else. */
export function isBegun(error: unknown): boolean {
  return isWebSocketError(error) && BEGUN.has(error.code);
}

/** Whether the run has begun, as far as this process knows. */
export function isKnown(stream: UserStream, runId: RunId): boolean {
  return stream.runs.get(runId) !== undefined || stream.runs.endedStatus(runId) !== undefined;
}

/** A message as it stands in its stream. */
export interface StoredMessage {
  /** Missing where a publisher wrote the message into no thread. */
  readonly threadId: ThreadId | undefined;
  readonly text: string;
}

/**
 * The message that was accepted at an offset: a repetition may name another thread and another text. `undefined` if the stream does
 * not keep it any more.
 */
export async function messageAt(stream: UserStream, offset: Offset): Promise<StoredMessage | undefined> {
  const { events } = await stream.history({ after: offset - 1, limit: 1 });
  const [event] = events;
  if (event?.offset !== offset || event.type !== 'user_message') return undefined;
  const { threadId } = event;
  return { threadId, text: payloadOf(toRunEvent(event), 'user_message').text };
}

/**
 * The message that a run was reserved to answer, whether or not the run has begun. `undefined` for any other run, and where retention was
 * faster: no client waits for an answer then.
 */
export async function messageOf(stream: UserStream, runId: RunId): Promise<StoredMessage | undefined> {
  const eventIds = messageEventIdsOf(runId);
  if (eventIds.length === 0) return undefined;
  const offsets = await stream.lookup(eventIds);
  const offset = offsets.find((one) => one !== undefined);
  return offset === undefined ? undefined : messageAt(stream, offset);
}

/**
 * Ends a run that was reserved for a user and never begun, because the process that took the message is gone. Does nothing, and
 * answers false, for any other run. The stream has to be in memory.
 */
export async function endReservedRun(
  stream: UserStream,
  runId: RunId,
  emit: (stream: UserStream, events: readonly EventInput[]) => Promise<unknown>,
  ending: { readonly status: ClosingStatus; readonly error: string },
): Promise<boolean> {
  if (isKnown(stream, runId)) return false;
  const message = await messageOf(stream, runId);
  if (message === undefined) return false;
  const { threadId } = message;
  const run = { run_id: runId, ...(threadId === undefined ? {} : { thread_id: threadId }) };
  try {
    await emit(stream, [
      { ...run, type: 'agent_started', payload: { agent_name: UNNAMED_AGENT } },
      { ...run, type: 'agent_completed', payload: { ...ending, duration_ms: 0 } },
    ]);
    return true;
  } catch (fault) {
    if (isBegun(fault)) return false;
    throw fault;
  }
}
