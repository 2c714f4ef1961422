import type { EventLog } from '@ws/core';
import { event, stream } from '@ws/test-support';
import type { openSqliteLog } from '../../src/index.ts';

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
