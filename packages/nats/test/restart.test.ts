import { append, event, idsOf, listen, stream, until, untilHealthy } from '@ws/test-support';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openNatsLog, type NatsEventLog, type NatsLogOptions } from '../src/index.ts';
import { withManager } from './support/jetstream.ts';
import { NATS } from './support/nats-program.ts';
import { NatsServer } from './support/nats-server.ts';

const servers: NatsServer[] = [];
const logs: NatsEventLog[] = [];

async function start(): Promise<NatsServer> {
  const server = await NatsServer.start();
  servers.push(server);
  return server;
}

function open(server: NatsServer, options: NatsLogOptions = {}): NatsEventLog {
  const log = openNatsLog({ url: server.url, checkIntervalMs: 300, ...options });
  logs.push(log);
  return log;
}

async function restart(server: NatsServer, ...after: readonly NatsEventLog[]): Promise<void> {
  await server.kill();
  await server.start();
  for (const log of after) await untilHealthy(log);
}

describe.skipIf(NATS.isSkipped)('another server process', { timeout: 30_000 }, () => {
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  test('nothing that was acknowledged is gone after kill -9 in the middle of appends', async () => {
    const server = await start();
    const log = open(server, { onRestart: 'keep' });
    const acknowledged: string[] = [];
    const { epoch } = await log.head(stream);
    for (let round = 0; round < 4; round += 1) {
      const appends = Array.from({ length: 300 }, async (_, n) => {
        const ids = [0, 1, 2].map((index) => `${round}-${n}-${index}`);
        await append(log, ...ids).then(
          () => acknowledged.push(...ids),
          () => undefined,
        );
      });
      const some = until(() => expect(acknowledged.length).toBeGreaterThan(round * 300 + 60)).then(() => server.kill());
      await Promise.all([...appends, some]);
      await server.start();
      await untilHealthy(log);
    }
    const kept = await idsOf(log);
    const there = new Set(kept);
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(there.size).toBe(kept.length);
    expect(kept.length % 3).toBe(0);
    expect((await log.head(stream)).epoch).toBe(epoch);
  });

  test('the only server may lack the end after it was started again: the epoch is renewed, once, and listeners hear of it', async () => {
    const server = await start();
    const [one, two] = [open(server), open(server)];
    const epoch = await append(one, 'a', 'b');
    await two.head(stream);
    const heard = await listen(two);
    await append(one, 'c');
    await until(() => expect(heard.ids()).toEqual(['c']));
    await restart(server, one, two);
    const after = await one.head(stream);
    expect(after.epoch).not.toBe(epoch);
    expect((await two.head(stream)).epoch).toBe(after.epoch);
    await until(() => expect(heard.ids()).toEqual(['c', 'a', 'b', 'c']));
    expect(await append(one, 'd')).toBe(after.epoch);
    expect(heard.epochs()).toEqual([epoch, after.epoch]);
    expect((await open(server).head(stream)).epoch).toBe(after.epoch);
  });

  test('a new epoch that the operator asks for by name begins once', async () => {
    const server = await start();
    const before = open(server);
    const epoch = await append(before, 'a');
    const renewed = (await open(server, { newEpoch: 'monday' }).head(stream)).epoch;
    expect(renewed).not.toBe(epoch);
    const again = [open(server, { newEpoch: 'monday' }), open(server)];
    for (const log of again) expect((await log.head(stream)).epoch).toBe(renewed);
    await until(async () => expect((await before.head(stream)).epoch).toBe(renewed));
    await restart(server, before);
    const restarted = (await before.head(stream)).epoch;
    expect((await open(server, { newEpoch: 'monday' }).head(stream)).epoch).toBe(restarted);
    expect((await open(server, { newEpoch: 'tuesday' }).head(stream)).epoch).not.toBe(restarted);
    expect(() => openNatsLog({ url: server.url, newEpoch: 'two words' })).toThrow('newEpoch');
  });

  test('the caller may know better', async () => {
    const server = await start();
    const log = open(server, { onRestart: 'keep' });
    const epoch = await append(log, 'a');
    await restart(server, log);
    expect((await log.head(stream)).epoch).toBe(epoch);
    expect(await append(log, 'a', 'b')).toBe(epoch);
    expect(await idsOf(log)).toEqual(['a', 'b']);
  });

  test('a connection that was lost and made again to the same process changes nothing', async () => {
    const server = await start();
    const log = open(server, { commandTimeoutMs: 300 });
    const epoch = await append(log, 'a');
    await server.freeze();
    await expect(append(log, 'b')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    server.thaw();
    await untilHealthy(log);
    expect(await append(log, 'b', 'c')).toBe(epoch);
    expect(await idsOf(log)).toEqual(['a', 'b', 'c']);
  });

  test('a server that comes back without the last messages: who knows of them begins a new epoch, for everybody', async () => {
    const server = await start();
    const [one, two] = [open(server, { onRestart: 'keep' }), open(server, { onRestart: 'keep' })];
    const epoch = await append(one, 'a');
    await two.head(stream);
    const heard = await listen(two);
    await server.shutDown();
    server.backUp();
    await server.start();
    await untilHealthy(one);
    await append(one, 'b');
    await until(() => expect(heard.ids()).toEqual(['b']));
    // What a crash of its machine looks like: JetStream had not synced yet.
    await server.kill();
    server.restore();
    await server.start();
    await untilHealthy(two);
    const after = await two.head(stream);
    expect(after.epoch).not.toBe(epoch);
    await untilHealthy(one);
    const conflict = await one.append(stream, [event('c')], { epoch, offset: 2_048 });
    expect(conflict).toEqual({ kind: 'conflict', head: after });
    expect(await append(one, 'c')).toBe(after.epoch);
    expect(await idsOf(two)).toEqual(['a', 'c']);
    await until(() => expect(heard.epochs()).toEqual([epoch, after.epoch]));
  });

  test.each(['WS_EVENTS', 'WS_STATE'])(
    'a stream that is deleted while it is used (%s) is made again, in a new epoch',
    async (name) => {
      const server = await start();
      const log = open(server);
      const epoch = await append(log, 'a');
      const heard = await listen(log);
      await withManager(server, (jsm) => jsm.streams.delete(name));
      await append(log, 'b').catch(() => undefined);
      await until(async () => {
        const renewed = await append(log, 'c');
        expect(renewed).not.toBe(epoch);
      });
      expect((await idsOf(log)).at(-1)).toBe('c');
      await until(() => expect(heard.ids().at(-1)).toBe('c'));
    },
  );

  test('a user whose messages an operator deletes gets a new epoch, and nobody else does', async () => {
    const server = await start();
    const log = open(server);
    const other = 'bob' as typeof stream;
    const epoch = await append(log, 'a', 'b');
    await log.append(other, [event('a')]);
    const heard = await listen(log);
    await append(log, 'c');
    await withManager(server, (jsm) => jsm.streams.purge('WS_EVENTS', { filter: 'ws.events.alice' }));
    await until(async () => expect((await log.head(stream)).epoch).not.toBe(epoch));
    expect(await log.head(stream)).toMatchObject({ oldest: 1, head: 0 });
    expect((await log.head(other)).epoch).toBe(epoch);
    const renewed = await append(log, 'd');
    expect(await open(server).head(stream)).toMatchObject({ epoch: renewed });
    await until(() => expect(heard.ids()).toEqual(['c', 'd']));
    expect(heard.epochs()).toEqual([epoch, renewed]);
  });

  test('appends wait while the connection is made, and fail at once while there is none', async () => {
    const server = await start();
    const log = open(server);
    await append(log, 'a');
    await server.kill();
    await wait(50);
    const began = performance.now();
    await expect(append(log, 'b')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(performance.now() - began).toBeLessThan(1_000);
    await server.start();
    await untilHealthy(log);
    await append(log, 'b');
  });
});
