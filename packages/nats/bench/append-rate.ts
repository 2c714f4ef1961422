// How fast the log appends, and how soon another process hears of it, on this machine: `pnpm --filter @ws/nats bench`.
// Needs nats-server on the PATH, or NATS_SERVER_PATH.
import { streamKey, systemIds, type EventLog, type NewLogEvent } from '@ws/core';
import { toEventId, toUserId } from '@ws/types';
import { openNatsLog } from '../src/index.ts';
import { NatsServer } from '../test/support/nats-server.ts';

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

function eventsOf(count: number): NewLogEvent[] {
  return Array.from({ length: count }, () => ({
    eventId: toEventId(systemIds.next()),
    type: 'agent_response_chunk',
    timestamp: Date.now(),
    data: DATA,
  }));
}

async function appendRate(log: EventLog, streams: number, events: number): Promise<string> {
  const keys = Array.from({ length: streams }, (_, index) => streamKey(toUserId(`user-${index}`)));
  let appended = 0;
  let spent = 0;
  let turns = 0;
  let cpu = 0;
  while (spent < SECONDS * 1_000) {
    const batches = keys.map((key) => [key, eventsOf(events)] as const);
    const start = performance.now();
    const cpuBefore = process.cpuUsage();
    await Promise.all(batches.map(async ([key, batch]) => log.append(key, batch)));
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += user + system;
    spent += performance.now() - start;
    appended += streams * events;
    turns += 1;
  }
  const perSecond = Number(((appended / spent) * 1_000).toPrecision(2)).toLocaleString('en');
  return `${perSecond.padStart(9)} events/s, ${(spent / turns).toFixed(2)} ms a turn, ${(cpu / appended).toFixed(1)} µs CPU an event`;
}

/** From the call of `append` in one log to the listener of another. */
async function latency(one: EventLog, two: EventLog): Promise<string> {
  const key = streamKey(toUserId('listener'));
  const times: number[] = [];
  let heard = (): void => undefined;
  two.subscribe(key, () => heard());
  await two.head(key);
  for (let round = 0; round < 1_000; round += 1) {
    const started = performance.now();
    const told = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await Promise.all([one.append(key, eventsOf(1)), told]);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const share = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  return `p50 ${share(0.5)} ms, p99 ${share(0.99)} ms`;
}

const server = await NatsServer.start();
const log = openNatsLog({ url: server.url });
const other = openNatsLog({ url: server.url });
await Promise.all([log.healthy(), other.healthy()]);
console.log('from append to the listener of another process:', await latency(log, other));
for (const [streams, events] of SHAPES) {
  const before = server.cpuMs();
  const rate = await appendRate(log, streams, events);
  console.log(`${streams} × ${events}`.padEnd(12), rate, `server ${(server.cpuMs() - before).toFixed(0)} ms CPU`);
}
await readAndTrim(log);
await log.close();
await other.close();
await server.stop();

async function readAndTrim(log: EventLog): Promise<void> {
  const key = streamKey(toUserId('reader'));
  for (let part = 0; part < 10; part += 1) await log.append(key, eventsOf(1_000));
  for (let part = 0; part < 1_000; part += 1) await log.append(key, eventsOf(1));
  const { head } = await log.head(key);
  const read = performance.now();
  const { events } = await log.read(key, 0, 20_000);
  console.log(`read ${events.length} events: ${(performance.now() - read).toFixed(1)} ms`);
  const one = performance.now();
  const last = await log.read(key, head - 1, 10);
  console.log(`read the last of them (${last.events.length}): ${(performance.now() - one).toFixed(1)} ms`);
  const trim = performance.now();
  await log.trim(key, head - 500 * 1_024, 'fold');
  console.log(`trim: ${(performance.now() - trim).toFixed(1)} ms`);
}
