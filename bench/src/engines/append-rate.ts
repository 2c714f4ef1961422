import type { EventLog } from '@ws/core';
import { streamKey, systemIds, type NewLogEvent } from '@ws/core/log';
import { toEventId, toUserId } from '@ws/types';

/** About 300 bytes, as a text delta of an agent is. */
const DATA = JSON.stringify({ type: 'agent_response_chunk', payload: { delta: 'x'.repeat(240) } });

/** Streams that append in each turn, and events in each append. */
export interface AppendShape {
  readonly streams: number;
  readonly events: number;
}

export interface AppendRate {
  readonly perSecond: number;
  /** CPU of this process for an event, in microseconds. */
  readonly cpuMicros: number;
}

/** How fast a log takes appends of a shape: every stream appends, and when all have their answer, again. */
export async function appendRate(
  log: EventLog,
  { streams, events }: AppendShape,
  seconds: number,
): Promise<AppendRate> {
  const keys = Array.from({ length: streams }, (_, index) => streamKey(toUserId(`user-${index}`)));
  let appended = 0;
  let spentMs = 0;
  let cpuMicros = 0;
  while (spentMs < seconds * 1_000) {
    const batches = keys.map((key) => [key, newEvents(events)] as const);
    const before = process.cpuUsage();
    const startedAt = performance.now();
    await Promise.all(batches.map(async ([key, batch]) => log.append(key, batch)));
    spentMs += performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    cpuMicros += user + system;
    appended += streams * events;
  }
  return { perSecond: (appended / spentMs) * 1_000, cpuMicros: cpuMicros / appended };
}

function newEvents(count: number): NewLogEvent[] {
  return Array.from({ length: count }, () => ({
    eventId: toEventId(systemIds.next()),
    type: 'agent_response_chunk',
    timestamp: Date.now(),
    data: DATA,
  }));
}
