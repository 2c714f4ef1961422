import type { EventLog } from '@ws/core';
import { streamKey, type LogEvent, type NewLogEvent, type StreamKey } from '@ws/core/log';
import { toEventId, toUserId } from '@ws/types';

export const stream: StreamKey = streamKey(toUserId('alice'));

export function event(id: string, data = JSON.stringify({ id })): NewLogEvent {
  return { eventId: toEventId(id), type: 'test', timestamp: 1_700_000_000_000, data };
}

/** Appends events with these ids in one go, and answers the epoch. */
export async function append(log: EventLog, ...ids: readonly string[]): Promise<string> {
  const result = await log.append(
    stream,
    ids.map((id) => event(id)),
  );
  if (result.kind !== 'appended') throw new Error('conflict');
  return result.epoch;
}

/** Ids of everything the stream keeps. */
export async function idsOf(log: EventLog, key = stream): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after = 0; ;) {
    const { events } = await log.read(key, after, 1_000);
    if (events.length === 0) return ids;
    ids.push(...events.map(({ eventId }) => eventId));
    after = events.at(-1)?.offset ?? after;
  }
}

/** Everything a listener is told, from the moment on that the log tells of what others append. */
export async function listen(log: EventLog, key = stream) {
  const told: { epoch: string; events: readonly LogEvent[] }[] = [];
  const stop = log.subscribe(key, (epoch, events) => told.push({ epoch, events }));
  await log.head(key);
  return {
    stop,
    epochs: () => [...new Set(told.map(({ epoch }) => epoch))],
    ids: () => told.flatMap(({ events }) => events.map(({ eventId }) => eventId as string)),
    offsets: () => told.flatMap(({ events }) => events.map(({ offset }) => offset)),
  };
}
