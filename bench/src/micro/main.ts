// `pnpm bench:micro`: the parts of the hot path alone, so that a regression names its function.
import { createHub, MemoryEventLog } from '@ws/core';
import type { ConnectionSocket } from '@ws/core/internal';
import { streamKey, systemIds, type NewLogEvent } from '@ws/core/log';
import { openSqliteLog } from '@ws/sqlite';
import { parseEventInput, toEventId, toUserId, type EventInput } from '@ws/types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, group, run } from 'mitata';
import { deltaText, DELTA_CHARS } from '../targets/emission.ts';

const delta = deltaText(0, DELTA_CHARS);
const DELTA: EventInput = { type: 'agent_thinking', run_id: 'r1', thread_id: 't1', payload: { delta } };
const TOOL: EventInput = {
  type: 'tool_executing',
  run_id: 'r1',
  payload: { tool_call_id: 'c1', tool_name: 'search', args: { query: delta } },
};
const APPLICATION = { type: 'app.progress', payload: { done: 3, of: 10, label: delta } };
const folder = mkdtempSync(join(tmpdir(), 'ws-micro-'));

/** Retention keeps logs of a size, as in a server that has run for long. */
const RETENTION = { maxEvents: 1_000 };

class CountingSocket implements ConnectionSocket {
  readonly bufferedBytes = 0;
  frames = 0;

  send(groups: Parameters<ConnectionSocket['send']>[0]): void {
    for (const { frames } of groups) this.frames += frames.length;
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
}

function newEvent(): NewLogEvent {
  const data = JSON.stringify({ type: 'agent_thinking', payload: { delta: `${delta}${delta}` } });
  return { eventId: toEventId(systemIds.next()), type: 'agent_thinking', timestamp: Date.now(), data };
}

group('the door: parseEventInput', () => {
  bench('text delta', () => parseEventInput(DELTA));
  bench('tool call', () => parseEventInput(TOOL));
  bench('application event', () => parseEventInput(APPLICATION));
});

const memory = new MemoryEventLog();
const sqlite = openSqliteLog({ path: join(folder, 'append.db') });
const key = streamKey(toUserId('u1'));

group('log append, one event', () => {
  bench('memory', () => memory.append(key, [{ ...newEvent(), fresh: true }]));
  bench('memory, an id that may be known', () => memory.append(key, [newEvent()]));
  bench('SQLite, with its sync', async () => sqlite.append(key, [newEvent()]));
});

async function hubWith(connections: number, coalesceMs: number, userId: string) {
  const hub = createHub({ tuning: { coalesceMs }, retention: RETENTION, limits: { connectionsPerUser: 1_000 } });
  for (let n = 0; n < connections; n += 1) {
    hub.accept(new CountingSocket(), { authentication: { userId } }).receive('{"type":"hello"}');
  }
  return hub.manager({ userId }).startRun({ agentName: 'bench', threadId: 't1' });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const alone = await hubWith(0, 0, 'alone');
const one = await hubWith(1, 0, 'one');
const many = await hubWith(100, 0, 'many');
const joined = await hubWith(1, 1, 'joined');

group('emit, with run order and log', () => {
  bench('nobody connected', () => alone.think(delta));
});

group('emit and deliver', () => {
  bench('1 event to 1 connection', async () => {
    await one.think(delta);
    await turn();
  });
  bench('16 events to 1 connection', async () => {
    for (let n = 0; n < 16; n += 1) void one.think(delta);
    await turn();
  });
  bench('16 events to 1 connection, joined', async () => {
    for (let n = 0; n < 16; n += 1) void joined.think(delta);
    await turn();
  });
  bench('16 events to 100 connections', async () => {
    for (let n = 0; n < 16; n += 1) void many.think(delta);
    await turn();
  });
});

await run();
await sqlite.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
