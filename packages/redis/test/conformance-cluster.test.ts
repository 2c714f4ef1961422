import { describeEventLog } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { RedisCluster } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';

describe.skipIf(REDIS.isSkipped)('with a Redis Cluster', () => {
  let cluster: RedisCluster;
  let client: ReturnType<typeof createCluster>;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    client = createCluster({ rootNodes: [{ url: cluster.url }], defaults: { disableOfflineQueue: true } });
    // Each log listens to it.
    client.setMaxListeners(0);
    await client.connect();
  }, 30_000);
  afterAll(async () => {
    client.destroy();
    await cluster.stop();
  });

  const prefixes = new Map<EventLog, string>();

  // One client for all logs: six connections for each of some hundred would take a minute.
  async function open(keyPrefix = `test-${prefixes.size}:`): Promise<EventLog> {
    const log = openRedisLog({ client, keyPrefix });
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
