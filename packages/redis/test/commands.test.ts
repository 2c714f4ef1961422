import { streamKey } from '@ws/core/log';
import { toUserId } from '@ws/types';
import { append, event, listen, until } from '@ws/test-support';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openRedisLog, type RedisEventLog } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';

let server: RedisServer;
const logs: RedisEventLog[] = [];

function open(): RedisEventLog {
  const log = openRedisLog({ url: server.url, checkIntervalMs: 60_000 });
  logs.push(log);
  return log;
}

/** Commands as the server takes them, in order: `evalsha` from outside, `lua xadd` from within a script. */
async function monitored(work: () => Promise<unknown>): Promise<readonly string[]> {
  const monitor = await createClient({ url: server.url }).connect();
  const seen: string[] = [];
  await monitor.monitor((line) => {
    const [, source = '', name = ''] = /\[\d+ ([^\]]+)\] "([^"]+)"/.exec(String(line)) ?? [];
    seen.push(source === 'lua' ? `lua ${name.toLowerCase()}` : name.toLowerCase());
  });
  try {
    await work();
    await command(server, 'ECHO', 'end');
    await until(() => expect(seen).toContain('echo'));
  } finally {
    monitor.destroy();
  }
  return seen.filter((name) => !['ping', 'hello', 'client', 'echo'].includes(name));
}

async function stat(name: string): Promise<number> {
  const info = String(await command(server, 'INFO', 'stats'));
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
}

describe.skipIf(REDIS.isSkipped)('what an append costs', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  test('one command, in which everything happens: duplicates, numbers, entries, and the message to other processes', async () => {
    const log = open();
    await append(log, 'known');
    const seen = await monitored(() => append(log, 'known', 'a', 'b'));
    expect(seen.filter((name) => !name.startsWith('lua'))).toEqual(['evalsha']);
    expect(seen.filter((name) => name === 'lua xadd')).toHaveLength(2);
    expect(seen.filter((name) => name === 'lua publish')).toHaveLength(1);
  });

  test('an append costs nothing more where somebody listens: the message brings the events', async () => {
    const [log, other] = [open(), open()];
    const heard = await listen(other);
    await append(log, 'm-1');
    await until(() => expect(heard.ids()).toEqual(['m-1']));
    const seen = await monitored(async () => {
      await append(log, 'm-2', 'm-3');
      await until(() => expect(heard.ids()).toEqual(['m-1', 'm-2', 'm-3']));
    });
    expect(seen.filter((name) => name === 'xrange' || name === 'lua xrange')).toEqual([]);
  });

  test('a script is sent once to a server that does not have it, and by its name from then on', async () => {
    const log = open();
    await append(log, 'x-1');
    await command(server, 'SCRIPT', 'FLUSH');
    const seen = await monitored(async () => {
      await append(log, 'x-2');
      await append(log, 'x-3');
    });
    expect(seen.filter((name) => !name.startsWith('lua'))).toEqual(['evalsha', 'eval', 'evalsha']);
  });

  test('appends of one turn travel together', async () => {
    const log = open();
    const streams = Array.from({ length: 100 }, (_, n) => streamKey(toUserId(`user-${n}`)));
    const appendToAll = (id: string) => Promise.all(streams.map((key) => log.append(key, [event(id)])));
    await appendToAll('first');
    const before = await stat('total_reads_processed');
    await appendToAll('second');
    const reads = (await stat('total_reads_processed')) - before;
    // A hundred commands, a few more of this test's own connection: Redis reads 16 KiB at a time.
    expect(reads).toBeLessThan(20);
  });
});
