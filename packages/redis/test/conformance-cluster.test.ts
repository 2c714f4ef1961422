import { describeEventLog } from '@ws/conformance';
import { OpenedLogs } from '@ws/test-support';
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

  const logs = new OpenedLogs(openRedisLog);

  describeEventLog(
    'redis cluster',
    {
      // One client for all logs: six connections for each of some hundred would take a minute.
      open: () => logs.open({ client, keyPrefix: `test-${logs.count}:` }),
      reopen: (log) => logs.reopen(log),
      another: (log) => logs.another(log),
    },
    { tellsOtherHandles: true },
  );
});
