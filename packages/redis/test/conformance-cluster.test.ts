import { describeEventLog } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { RedisCluster } from './support/redis-cluster.ts';
import { isSkipped } from './support/redis-program.ts';

describe.skipIf(isSkipped)('with a Redis', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
  }, 30_000);
  afterAll(() => cluster.stop());

  const prefixes = new Map<EventLog, string>();

  async function open(keyPrefix = `test-${prefixes.size}:`): Promise<EventLog> {
    const log = openRedisLog({ url: cluster.url, keyPrefix });
    prefixes.set(log, keyPrefix);
    // Connected, so that "from now on" begins for its listeners.
    await log.healthy();
    return log;
  }

  describeEventLog(
    'redis cluster',
    {
      open: () => open(),
      reopen: async (log) => {
        await log.close();
        return open(prefixes.get(log));
      },
      another: (log) => open(prefixes.get(log)),
    },
    { tellsOtherHandles: true },
  );
});
