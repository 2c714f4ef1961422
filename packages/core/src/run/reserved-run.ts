import {
  isWebSocketError,
  toEventId,
  toRunId,
  type ErrorCode,
  type EventId,
  type EventInput,
  type MessageId,
  type Offset,
  type RunId,
  type ThreadId,
} from '@ws/types';
import type { NewLogEvent } from '../log/event-log.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { ClosingStatus } from './closing-events.ts';
import { payloadOf } from './run-event.ts';

/** What ids of runs that answer a message begin with. */
const RUN = 'run-';
/** What ids of the events that messages are begin with. */
const MESSAGE = 'user_message:';

/** What ids of runs end with that answer a message again. */
const AGAIN = /~again~(\d+)$/;

/** What an agent is called of which nothing else is known. */
export const UNNAMED_AGENT = 'agent';

/** Codes of a run that was begun by somebody else. */
const BEGUN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'RUN_ALREADY_STARTED',
  'RUN_ALREADY_COMPLETED',
  'RUN_CANCELLED',
]);

/** The run that answers a message: the same from every process. */
export function reservedRunId(messageId: MessageId): RunId {
  return toRunId(`${RUN}${messageId}`);
}

/** The event that a message is. */
export function messageEventId(messageId: string): EventId {
  return toEventId(`${MESSAGE}${messageId}`);
}

/** The run that a message reserves, by the event that the message is; `undefined` for other events. */
export function reservedBy({ type, eventId }: Pick<NewLogEvent, 'type' | 'eventId'>): RunId | undefined {
  if (type !== 'user_message' || !eventId.startsWith(MESSAGE)) return undefined;
  return toRunId(`${RUN}${eventId.slice(MESSAGE.length)}`);
}

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
  if (!runId.startsWith(RUN)) return undefined;
  const messageId = runId.slice(RUN.length);
  const offsets = await stream.lookup([messageEventId(messageId), messageEventId(messageId.replace(AGAIN, ''))]);
  const offset = offsets.find((one) => one !== undefined);
  return offset === undefined ? undefined : messageAt(stream, offset);
}

/** The run of a message that is sent to its agent again, because the run before has ended: `run-m1`, `run-m1~again~2`, … */
export function messageRunAgain(runId: RunId): RunId {
  const number = Number(AGAIN.exec(runId)?.[1] ?? '1');
  return toRunId(`${runId.replace(AGAIN, '')}~again~${number + 1}`);
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
