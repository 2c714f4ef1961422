import { TARGET_NAMES } from '../targets.ts';
import type { Workload } from '../trial.ts';

const CONNECTIONS = 10_000;
const WARM_UP = 1_000;

/** Memory of connections that only wait, each another user's. */
export const IDLE: Workload = {
  name: 'idle',
  title: 'Idle: memory for each of 10,000 connections of 10,000 users',
  targets: TARGET_NAMES.filter((name) => name !== 'socket.io-redis'),
  figures: [
    { key: 'rssPerConnection', title: 'RSS bytes/connection', better: 'less', compared: true },
    { key: 'heapPerConnection', title: 'heap bytes/connection', better: 'less' },
    { key: 'rssMb', title: 'RSS MB', better: 'less' },
  ],
  maxRounds: 2,
  async run(trial) {
    await trial.startServer();
    const connections = trial.scaled(CONNECTIONS);
    // Whatever a server makes once, and code that is compiled, does not count for a connection.
    await trial.load({
      do: 'connect',
      audience: trial.audience(WARM_UP, WARM_UP, { firstUser: connections }),
      atOnce: 50,
    });
    await trial.load({ do: 'disconnect' });
    const settle = async () => {
      await trial.serve({ do: 'usage', collect: true });
      return trial.serve({ do: 'usage', collect: true });
    };
    const before = await settle();
    await trial.load({ do: 'connect', audience: trial.audience(connections, connections), atOnce: 50 });
    const after = await settle();
    const heap = (usage: typeof before): number => usage.heapUsed + usage.external;
    return {
      rssPerConnection: (after.rss - before.rss) / connections,
      heapPerConnection: (heap(after) - heap(before)) / connections,
      rssMb: after.rss / 1e6,
    };
  },
};
