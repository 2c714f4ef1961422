import { toEventId, toRunId, type EventId, type MessageId, type RunId } from '@ws/types';

/** What ids of runs that answer a message begin with. */
const RUN = 'run-';
/** What ids of the events that messages are begin with. */
const MESSAGE = 'user_message:';

/** What ids of runs end with that answer a message again. */
const AGAIN = /~again~(\d+)$/;

/** The run that answers a message: the same from every process. */
export function reservedRunId(messageId: MessageId): RunId {
  return toRunId(`${RUN}${messageId}`);
}

/** The event that a message is. */
export function messageEventId(messageId: string): EventId {
  return toEventId(`${MESSAGE}${messageId}`);
}

/** The run that a message reserves, by the event that the message is; `undefined` for other events. */
export function reservedBy({ type, eventId }: { readonly type: string; readonly eventId: EventId }): RunId | undefined {
  if (type !== 'user_message' || !eventId.startsWith(MESSAGE)) return undefined;
  return toRunId(`${RUN}${eventId.slice(MESSAGE.length)}`);
}

/** The run of a message that is sent to its agent again, because the run before has ended: `run-m1`, `run-m1~again~2`, … */
export function messageRunAgain(runId: RunId): RunId {
  const number = Number(AGAIN.exec(runId)?.[1] ?? '1');
  return toRunId(`${runId.replace(AGAIN, '')}~again~${number + 1}`);
}

/** The events that a run can stand for that is called so, the likeliest first; none for a run that no message reserves. */
export function messageEventIdsOf(runId: RunId): readonly EventId[] {
  if (!runId.startsWith(RUN)) return [];
  const messageId = runId.slice(RUN.length);
  return [messageEventId(messageId), messageEventId(messageId.replace(AGAIN, ''))];
}
