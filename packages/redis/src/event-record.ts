import type { LogEvent, NewLogEvent } from '@ws/core/log';
import type { EventId, Offset, RunId, ThreadId } from '@ws/types';

/**
 * What the scripts put in front of it is the number of bytes through the event. Ids hold no white space; a type holds no tab,
 * or it would be no type of the protocol.
 */
export function headerOf({ timestamp, type, threadId, runId }: NewLogEvent): string {
  return `${timestamp}\t${type}\t${threadId ?? ''}\t${runId ?? ''}`;
}

/** An event as the scripts answer it. */
export function toLogEvent(offset: Offset, eventId: string, header: string, data: string): LogEvent {
  const [, timestamp, type = '', threadId = '', runId = ''] = header.split('\t');
  return {
    // What was checked when it was appended.
    eventId: eventId as EventId,
    type,
    ...(threadId === '' ? {} : { threadId: threadId as ThreadId }),
    ...(runId === '' ? {} : { runId: runId as RunId }),
    timestamp: Number(timestamp),
    data,
    offset,
  };
}
