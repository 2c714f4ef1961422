import { append, idsOf, listen, until } from '@ws/test-support';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';

let server: RedisServer;

describe.skipIf(REDIS.isSkipped)('clients and addresses', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  test.each([2, 3] as const)('a client of the caller is used and left open; protocol %s', async (RESP) => {
    const client = await createClient({ url: server.url, RESP }).connect();
    const subscriber = await client.duplicate().connect();
    const log = openRedisLog({ client, subscriber, keyPrefix: `resp-${RESP}:` });
    const heard = await listen(log);
    await append(log, 'a');
    await until(() => expect(heard.ids()).toEqual(['a']));
    await log.leases.set([{ stream: 'alice', runId: 'r', expiresAt: 5 } as never]);
    expect(await log.leases.expired(9, 9)).toEqual([{ stream: 'alice', runId: 'r', expiresAt: 5 }]);
    await log.close();
    expect([client.isReady, subscriber.isReady]).toEqual([true, true]);
    client.destroy();
    subscriber.destroy();
  });

  test('beside a client alone the log makes one for messages, and closes it', async () => {
    const client = await createClient({ url: server.url }).connect();
    const log = openRedisLog({ client, keyPrefix: 'alone:' });
    const heard = await listen(log);
    await append(log, 'a');
    await until(() => expect(heard.ids()).toEqual(['a']));
    const clients = async () => (await client.clientList()).length;
    const before = await clients();
    await log.close();
    await until(async () => expect(await clients()).toBe(before - 1));
    client.destroy();
  });

  test('a client that is not connected is a log that is away', async () => {
    const client = createClient({ url: server.url });
    const log = openRedisLog({ client, commandTimeoutMs: 300 });
    await expect(append(log, 'a')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(await log.healthy()).toBe(false);
    await client.connect();
    await until(async () => expect(await log.healthy()).toBe(true));
    await log.close();
    client.destroy();
  });

  test('no server: calls fail at once with what to do, and work when it is there', async () => {
    const other = await RedisServer.start();
    await other.kill();
    const log = openRedisLog({ url: other.url });
    const started = performance.now();
    await expect(append(log, 'a')).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringMatching(
        /redis:\/\/127\.0\.0\.1:\d+ is unavailable \(.*ECONNREFUSED.*\): check that/,
      ) as string,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
    await other.start();
    await until(async () => expect(await log.healthy()).toBe(true));
    await append(log, 'a');
    expect(await idsOf(log)).toEqual(['a']);
    await log.close();
    await other.stop();
  });

  test('a wrong password is told of, without the password', async () => {
    await command(server, 'ACL', 'SETUSER', 'writer', 'on', '>right-one', '~*', '&*', '+@all');
    const url = (password: string) => server.url.replace('//', `//writer:${password}@`);
    const wrong = openRedisLog({ url: url('wrong-one'), commandTimeoutMs: 1_000 });
    const fault: unknown = await append(wrong, 'a').catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect((fault as Error).message).toContain('WRONGPASS');
    expect(JSON.stringify([(fault as Error).message, (fault as Error).stack])).not.toContain('wrong-one');
    await wrong.close();
    const right = openRedisLog({ url: url('right-one'), keyPrefix: 'auth:' });
    await append(right, 'a');
    await right.close();
  });

  test('a log that is closed while it looks for its server lets go', async () => {
    const other = await RedisServer.start();
    await other.kill();
    const log = openRedisLog({ url: other.url });
    const pending = append(log, 'a').catch((error: unknown) => error);
    await log.close();
    expect(await pending).toMatchObject({ code: expect.stringMatching(/LOG_(CLOSED|UNAVAILABLE)/) as string });
    await other.stop();
  });
});
