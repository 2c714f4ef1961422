import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { frozenFault, killedFault } from '@ws/test-support';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisLog, type RedisLogOptions } from '../src/index.ts';
import { almostOutOfMemoryFault, outOfMemoryFault } from './support/faults.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { Rollbacks } from './support/rollbacks.ts';

describe.skipIf(REDIS.isSkipped)('with a Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'always');
  });
  afterAll(() => server.stop());

  const optionsOf = new Map<EventLog, RedisLogOptions>();

  async function open(options: RedisLogOptions): Promise<EventLog> {
    const log = openRedisLog(options);
    optionsOf.set(log, options);
    // Connected, so that "from now on" begins for its listeners.
    await log.healthy();
    return log;
  }

  const openNew = (options: RedisLogOptions = {}) =>
    open({ url: server.url, keyPrefix: `test-${optionsOf.size}:`, ...options });
  const openSame = (log: EventLog) => open(optionsOf.get(log) ?? {});
  const rollbacks = new Rollbacks(open);

  const harness: EventLogHarness = {
    open: () => openNew(),
    reopen: async (log) => {
      await log.close();
      return openSame(log);
    },
    another: openSame,
    faults: [
      killedFault(() => server),
      frozenFault(
        () => server,
        () => openNew({ commandTimeoutMs: 300 }),
      ),
      outOfMemoryFault(() => server),
      almostOutOfMemoryFault(() => server),
    ],
    rollbacks: rollbacks.all,
    destroy: (log) => rollbacks.end(log),
  };

  describeEventLog('redis', harness, { tellsOtherHandles: true, sharesState: true });
});
