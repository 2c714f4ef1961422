import { setTimeout as wait } from 'node:timers/promises';
import { DELTA_CHARS } from '../../targets/emission.ts';
import type { Workload } from '../trial.ts';

const CLIENTS = 5_000;
const EVENTS_PER_CLIENT = 2;
const SETTLE_MS = 40_000;

/** The server goes away in order and another takes its port: how long until each client is back with all its events. */
export const DEPLOY: Workload = {
  name: 'deploy',
  title: 'Deploy: the server restarted under 5,000 clients, 2 events/s each',
  targets: ['sqlite', 'redis', 'socket.io', 'socket.io-recovery', 'socket.io-redis'],
  figures: [
    { key: 'backP50', title: 'back p50 ms', better: 'less' },
    { key: 'backP95', title: 'back p95 ms', better: 'less', compared: true },
    { key: 'backMax', title: 'back max ms', better: 'less' },
    { key: 'neverWhole', title: 'clients that lost events', better: 'less' },
    { key: 'missed', title: 'events lost', better: 'less' },
  ],
  maxRounds: 1,
  async run(trial) {
    await trial.startServer();
    const clients = trial.scaled(CLIENTS);
    const perSecond = clients * EVENTS_PER_CLIENT;
    const pace = { kind: 'pace', users: clients, perSecond, deltaChars: DELTA_CHARS } as const;
    await trial.serve({ do: 'prepare', users: clients });
    await trial.load({ do: 'connect', audience: trial.audience(clients, clients), atOnce: 50 });
    await trial.emit(pace);
    await wait(trial.seconds * 1_000);
    const { port } = trial.server;
    await trial.load({ do: 'come back', backoff: trial.target.backoff, port });
    const { emitted } = await trial.serve({ do: 'stop' });
    // Whole rounds only, so that the numbers of every user go on at the same place.
    const sent = Math.ceil(emitted / clients);
    await trial.server.close();
    await trial.startServer({ port, sent });
    await trial.serve({ do: 'prepare', users: clients });
    await trial.emit(pace);
    await wait(6_000);
    await trial.serve({ do: 'stop' });
    const { recovery } = await trial.load({ do: 'settle', withinMs: SETTLE_MS });
    await trial.serve({ do: 'round', users: clients });
    const { count, missed } = await trial.load({ do: 'settle', withinMs: SETTLE_MS });
    return {
      backP50: recovery.p50 / 1_000,
      backP95: recovery.p95 / 1_000,
      backMax: recovery.max / 1_000,
      neverWhole: count,
      missed,
    };
  },
};
