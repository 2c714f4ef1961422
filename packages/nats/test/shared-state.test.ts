import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@ws/core/log';
import { toConnectionId } from '@ws/types';
import { stream, until, untilHealthy } from '@ws/test-support';
import { describe, expect, test } from 'vitest';
import type { NatsEventLog, NatsLogOptions } from '../src/index.ts';
import { useServer } from './support/log-server.ts';
import { NATS } from './support/nats-program.ts';

const LIMIT = 2;

describe.skipIf(NATS.isSkipped)('what processes share', { timeout: 30_000 }, () => {
  const use = useServer();

  /** A process, the connections it has to close, and a way to open one. */
  function node(prefix: string) {
    const log = use.open({ prefix, onRestart: 'keep' });
    const replaced: string[] = [];
    const { connections } = log.shared;
    connections.onReplaced(({ stream: key, id }) => {
      replaced.push(id);
      connections.leave({ stream: key, id });
    });
    const enter = (id: string, connectedAt: number) =>
      connections.enter({ stream, id: toConnectionId(id), connectedAt }, LIMIT);
    return { log, replaced, enter };
  }

  test('connections that were opened while NATS was away are counted when it is back', async () => {
    const prefix = use.newPrefix();
    const [one, two] = [node(prefix), node(prefix)];
    await Promise.all([one, two].map(({ log }) => untilHealthy(log)));
    one.enter('a', 1);
    await use.server.kill();
    two.enter('b', 2);
    two.enter('c', 3);
    await use.server.start();
    await Promise.all([one, two].map(({ log }) => untilHealthy(log)));
    await until(() => expect([one.replaced, two.replaced]).toEqual([['a'], []]));
  });

  test('of connections opened everywhere at once the newest stay, and no more are closed than have to be', async () => {
    const prefix = use.newPrefix();
    const nodes = [node(prefix), node(prefix), node(prefix)];
    await Promise.all(nodes.map(({ log }) => untilHealthy(log)));
    for (let n = 0; n < 9; n += 1) nodes[n % 3]?.enter(`c${n}`, n);
    const gone = () => nodes.flatMap(({ replaced }) => replaced).sort();
    await until(() => expect(gone()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']));
    await wait(100);
    expect(gone()).toHaveLength(7);
  });

  test('tickets can be neither given nor taken while NATS is away, and those given before are good after', async () => {
    const { log } = node(use.newPrefix());
    await log.shared.tickets.put('key', 'alice', 60_000);
    await use.server.kill();
    await expect(async () => log.shared.tickets.take('key')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await expect(async () => log.shared.tickets.put('key-2', 'bob', 60_000)).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
    });
    await use.server.start();
    await untilHealthy(log);
    expect(await log.shared.tickets.take('key')).toBe('alice');
  });

  test('a ticket that lapsed is none, by the clock of whoever takes it', async () => {
    let now = 0;
    const clock: NatsLogOptions['clock'] = { ...systemClock, now: () => now };
    const log: NatsEventLog = use.open({ prefix: use.newPrefix(), clock });
    await log.shared.tickets.put('lapsed', 'bob', 1_000);
    now = 1_000;
    expect(await log.shared.tickets.take('lapsed')).toBeUndefined();
  });
});
