// How fast the log appends, reads and trims on this machine: `pnpm --filter @ws/sqlite bench`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventLog, streamKey, systemIds, type EventLog, type NewLogEvent } from '@ws/core';
import { toEventId, toUserId } from '@ws/types';
import { openSqliteLog, type Synchronous } from '../src/index.ts';

const SECONDS = 2;
const DATA = JSON.stringify({ type: 'agent_response_chunk', payload: { delta: 'x'.repeat(240) } });

/** Streams that append in every turn, and events in each append. */
const SHAPES: readonly (readonly [streams: number, events: number])[] = [
  [1, 1],
  [1, 16],
  [1, 100],
  [100, 1],
  [1_000, 1],
  [1_000, 16],
];

let made = 0;
const ID_KINDS = {
  random: () => systemIds.next(),
  // As a UUID of version 7 is: the time first.
  'in order': () => `${(made += 1).toString(16).padStart(12, '0')}-${systemIds.next().slice(13)}`,
};

const folder = mkdtempSync(join(tmpdir(), 'ws-sqlite-bench-'));
const sqlite = (synchronous: Synchronous) =>
  openSqliteLog({ path: join(folder, `${synchronous}-${(made += 1)}.db`), synchronous });

function eventsOf(count: number, newId: () => string): NewLogEvent[] {
  return Array.from({ length: count }, () => ({
    eventId: toEventId(newId()),
    type: 'agent_response_chunk',
    timestamp: Date.now(),
    data: DATA,
  }));
}

async function appendRate(log: EventLog, streams: number, events: number, newId: () => string): Promise<string> {
  const keys = Array.from({ length: streams }, (_, index) => streamKey(toUserId(`user-${index}`)));
  let appended = 0;
  let spent = 0;
  let turns = 0;
  let cpu = 0;
  while (spent < SECONDS * 1_000) {
    const batches = keys.map((key) => [key, eventsOf(events, newId)] as const);
    const start = performance.now();
    const cpuBefore = process.cpuUsage();
    await Promise.all(batches.map(async ([key, batch]) => log.append(key, batch)));
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += user + system;
    spent += performance.now() - start;
    appended += streams * events;
    turns += 1;
  }
  await log.close();
  const perSecond = Number(((appended / spent) * 1_000).toPrecision(2)).toLocaleString('en');
  return `${perSecond.padStart(9)} events/s, ${(spent / turns).toFixed(2)} ms a turn, ${(cpu / appended).toFixed(1)} µs CPU an event`;
}

const only = process.argv[2];
for (const [streams, events] of SHAPES) {
  const shape = `${streams} × ${events}`.padEnd(10);
  for (const [kind, newId] of Object.entries(ID_KINDS)) {
    const logs: Record<string, () => EventLog> = {
      full: () => sqlite('full'),
      normal: () => sqlite('normal'),
      memory: () => new MemoryEventLog(),
    };
    for (const [name, open] of Object.entries(logs)) {
      if (only !== undefined && only !== name) continue;
      console.log(shape, `ids ${kind}`.padEnd(14), name.padEnd(8), await appendRate(open(), streams, events, newId));
    }
  }
}

const log = sqlite('full');
const key = streamKey(toUserId('reader'));
await log.append(key, eventsOf(10_000, ID_KINDS['in order']));
const read = performance.now();
const { length } = log.read(key, 0, 10_000).events;
console.log(`read ${length} events: ${(performance.now() - read).toFixed(1)} ms`);
const trim = performance.now();
await log.trim(key, 9_000, 'fold');
console.log(`trim 9000 events: ${(performance.now() - trim).toFixed(1)} ms`);
await log.close();
rmSync(folder, { recursive: true });
