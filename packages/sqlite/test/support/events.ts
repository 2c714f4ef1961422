import { streamKey, type EventLog, type NewLogEvent, type StreamKey } from '@ws/core';
import { toEventId, toUserId } from '@ws/types';
import type { openSqliteLog } from '../../src/index.ts';

export const stream: StreamKey = streamKey(toUserId('alice'));

export function event(id: string, data = JSON.stringify({ id })): NewLogEvent {
  return { eventId: toEventId(id), type: 'test', timestamp: 1_700_000_000_000, data };
}

/** Appends `event-1` to `event-count` in one go. */
export async function appendOffsets(log: EventLog, count: number, data?: string): Promise<readonly number[]> {
  const events = Array.from({ length: count }, (_, index) => event(`event-${index + 1}`, data));
  const result = await log.append(stream, events);
  if (result.kind !== 'appended') throw new Error('conflict');
  return result.events.map(({ offset }) => offset);
}

/** Ids of everything a stream keeps. */
export function idsOf(log: ReturnType<typeof openSqliteLog>, key = stream): readonly string[] {
  return log.read(key, 0, 100_000).events.map(({ eventId }) => eventId);
}
