import { append, event, idsOf, listen, stream, until, untilHealthy } from '@ws/test-support';
import { createClient } from 'redis';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisLog, type RedisEventLog, type RedisLogOptions } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';

const servers: RedisServer[] = [];
const logs: RedisEventLog[] = [];

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(...settings);
  servers.push(server);
  return server;
}

function open(server: RedisServer, options: RedisLogOptions = {}): RedisEventLog {
  const log = openRedisLog({ url: server.url, checkIntervalMs: 300, ...options });
  logs.push(log);
  return log;
}

async function restart(server: RedisServer, log: RedisEventLog): Promise<void> {
  await server.kill();
  await server.start();
  await untilHealthy(log);
}

describe.skipIf(REDIS.isSkipped)('another server process', { timeout: 30_000 }, () => {
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  test('nothing that was acknowledged is gone after kill -9 in the middle of appends, the epoch stays', async () => {
    const server = await start('--appendfsync', 'always');
    const log = open(server);
    const acknowledged: string[] = [];
    const { epoch } = await log.head(stream);
    for (let round = 0; round < 4; round += 1) {
      const appends = Array.from({ length: 400 }, async (_, n) => {
        const ids = [0, 1, 2].map((index) => `${round}-${n}-${index}`);
        await append(log, ...ids).then(
          () => acknowledged.push(...ids),
          () => undefined,
        );
      });
      const some = append(log, `some-${round}`).then(() => server.kill());
      await Promise.all([...appends, some]);
      await server.start();
      await untilHealthy(log);
    }
    const kept = await idsOf(log);
    expect(acknowledged.length).toBeGreaterThan(100);
    const there = new Set(kept);
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(there.size).toBe(kept.length);
    expect(await log.head(stream)).toEqual({ epoch, oldest: 1, head: kept.length });
  });

  test.each([
    ['it could not say anything of itself', 'EVAL', 'LOADING Redis is loading the dataset in memory'],
    ['it did not answer how it writes', 'CONFIG', 'no answer'],
  ])('is not taken for one that lost its end because %s at first', async (_what, asked, fault) => {
    const server = await start('--appendfsync', 'always');
    const client = createClient({ url: server.url });
    client.on('error', () => undefined);
    await client.connect();
    let unanswered = 0;
    const sendCommand = client.sendCommand.bind(client);
    client.sendCommand = (...[args, options]) => {
      const isAboutIt = args[0] === asked && args.join(' ').includes(asked === 'EVAL' ? 'INFO' : 'appendfsync');
      if (!isAboutIt || unanswered === 0) return sendCommand(args, options);
      unanswered -= 1;
      return Promise.reject(new Error(fault));
    };
    const log = openRedisLog({ client, checkIntervalMs: 60_000 });
    logs.push(log);
    const epoch = await append(log, 'a');
    // It is asked when it is back, and again by whoever wants something.
    unanswered = 2;
    await server.kill();
    await server.start();
    expect(await until(async () => (await log.head(stream)).epoch)).toBe(epoch);
    expect(unanswered).toBe(0);
    client.destroy();
  });

  test('without an append-only file the end of a stream may be gone: the epoch is renewed, and listeners hear of it', async () => {
    const server = await start('--appendonly', 'no');
    const log = open(server);
    const epoch = await append(log, 'a', 'b');
    await command(server, 'SAVE');
    const heard = await listen(log);
    await append(log, 'c');
    await until(() => expect(heard.ids()).toEqual(['c']));
    await restart(server, log);
    const after = await log.head(stream);
    expect(after).toMatchObject({ oldest: 1, head: 2 });
    expect(after.epoch).not.toBe(epoch);
    await until(() => expect(heard.ids()).toEqual(['c', 'a', 'b']));
    expect(await append(log, 'd')).toBe(after.epoch);
    expect(heard.epochs()).toEqual([epoch, after.epoch]);
  });

  test('a server that answers before it syncs may lack the end, too; the caller may know better', async () => {
    const server = await start('--appendfsync', 'everysec');
    const cautious = open(server);
    const keeping = open(server, { onRestart: 'keep', keyPrefix: 'keep:' });
    const epochs = [await append(cautious, 'a'), await append(keeping, 'a')];
    await server.shutDown();
    await server.start();
    await untilHealthy(cautious);
    await untilHealthy(keeping);
    expect((await cautious.head(stream)).epoch).not.toBe(epochs[0]);
    expect((await keeping.head(stream)).epoch).toBe(epochs[1]);
    expect([await idsOf(cautious), await idsOf(keeping)]).toEqual([['a'], ['a']]);
  });

  test('one that syncs before it answers keeps its epochs, except where the caller knows better', async () => {
    const server = await start('--appendfsync', 'always');
    const [trusting, renewing] = [open(server), open(server, { onRestart: 'renew', keyPrefix: 'renew:' })];
    const epochs = [await append(trusting, 'a'), await append(renewing, 'a')];
    await restart(server, trusting);
    await untilHealthy(renewing);
    expect((await trusting.head(stream)).epoch).toBe(epochs[0]);
    expect((await renewing.head(stream)).epoch).not.toBe(epochs[1]);
    expect([await idsOf(trusting), await idsOf(renewing)]).toEqual([['a'], ['a']]);
  });

  test('a replica that was promoted may lack the last events: the epoch is renewed, once', async () => {
    const master = await start('--repl-diskless-sync-delay', '0', '--appendfsync', 'always');
    const replica = await start('--replicaof', '127.0.0.1', String(master.port), '--appendfsync', 'always');
    const before = open(master);
    await append(before, 'a');
    await until(async () => expect(await command(replica, 'EXISTS', 'ws:{alice}:meta')).toBe(1));
    const { epoch } = await before.head(stream);
    await until(async () => expect(await command(master, 'WAIT', '1', '1000')).toBe(1));
    await master.kill();
    await command(replica, 'REPLICAOF', 'NO', 'ONE');
    const [one, two] = [open(replica), open(replica)];
    const after = await one.head(stream);
    expect(after.epoch).not.toBe(epoch);
    expect((await two.head(stream)).epoch).toBe(after.epoch);
    expect(await idsOf(two)).toEqual(['a']);
  });

  test('a replica that comes, and goes, is no failover', async () => {
    const master = await start('--repl-diskless-sync-delay', '0', '--repl-backlog-ttl', '1');
    const log = open(master, { checkIntervalMs: 50 });
    const epoch = await append(log, 'a');
    const idOf = async () => /master_replid:(\w+)/.exec(String(await command(master, 'INFO', 'replication')))?.[1];
    const looks = async () => Number(await command(master, 'HGET', 'ws:{server}', 'looks'));
    const ids = [await idOf()];
    const replica = await start('--replicaof', '127.0.0.1', String(master.port));
    await until(async () => expect(ids).not.toContain(await idOf()));
    ids.push(await idOf());
    await replica.kill();
    // Without a replica it forgets, after a while, what it kept for them, and takes another id.
    await until(async () => expect(ids).not.toContain(await idOf()));
    const then = await looks();
    await until(async () => expect(await looks()).toBeGreaterThan(then + 1));
    expect((await log.head(stream)).epoch).toBe(epoch);
    expect((await open(master).head(stream)).epoch).toBe(epoch);
  });

  test('a new epoch that the operator asks for by name begins once, in every stream', async () => {
    const server = await start();
    const before = open(server);
    const epoch = await append(before, 'a');
    const [one, two] = [open(server, { newEpoch: 'monday' }), open(server, { newEpoch: 'monday' })];
    const renewed = (await one.head(stream)).epoch;
    expect(renewed).not.toBe(epoch);
    expect((await two.head(stream)).epoch).toBe(renewed);
    expect((await open(server).head(stream)).epoch).toBe(renewed);
    const again = (await open(server, { newEpoch: 'tuesday' }).head(stream)).epoch;
    expect([epoch, renewed]).not.toContain(again);
    const each = [again];
    for (let n = 0; n < 2; n += 1) each.push((await open(server, { newEpoch: true }).head(stream)).epoch);
    expect(new Set(each).size).toBe(3);
    expect(await idsOf(open(server))).toEqual(['a']);
  });

  test('a server that is a replica now takes no event', async () => {
    const server = await start();
    const log = open(server);
    await append(log, 'a');
    await command(server, 'REPLICAOF', '127.0.0.1', '1');
    await expect(append(log, 'b')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(await log.healthy()).toBe(false);
    await command(server, 'REPLICAOF', 'NO', 'ONE');
    await untilHealthy(log);
    await append(log, 'b');
  });

  test('a head that lies before what listeners were told begins a new epoch', async () => {
    const server = await start();
    const log = open(server, { onRestart: 'keep' });
    const epoch = await append(log, 'a', 'b', 'c');
    const heard = await listen(log);
    await append(log, 'd');
    await until(() => expect(heard.ids()).toEqual(['d']));
    // What a failover to a replica that was behind looks like.
    await command(server, 'DEL', 'ws:{alice}:events');
    await command(server, 'XADD', 'ws:{alice}:events', '1-0', 'i', 'x', 'h', '1\t1\ttest\t\t', 'd', '{}');
    await command(server, 'HSET', 'ws:{alice}:meta', 'head', '1', 'trimmed', '0');
    const conflict = await log.append(stream, [event('e')], { epoch, offset: 4 });
    expect(conflict).toMatchObject({ kind: 'conflict', head: { head: 1 } });
    const after = await log.head(stream);
    expect(after.epoch).not.toBe(epoch);
    await until(() => expect(heard.epochs()).toEqual([epoch, after.epoch]));
  });

  test.each(['meta', 'events', 'ids'])('a stream whose %s was deleted begins anew, whole', async (part) => {
    const server = await start();
    const log = open(server);
    const epoch = await append(log, 'a', 'b');
    const heard = await listen(log);
    await command(server, 'DEL', `ws:{alice}:${part}`);
    const conflict = await log.append(stream, [event('c')], { epoch, offset: 2 });
    expect(conflict).toMatchObject({ kind: 'conflict', head: { oldest: 1, head: 0 } });
    const renewed = await append(log, 'c');
    expect(renewed).not.toBe(epoch);
    expect(await idsOf(log)).toEqual(['c']);
    await until(() => expect(heard.ids()).toEqual(['c']));
    expect(heard.epochs()).toEqual([renewed]);
  });
});
