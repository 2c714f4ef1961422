import { setTimeout as wait } from 'node:timers/promises';
import { DELTA_CHARS } from '../../targets/emission.ts';
import type { Workload } from '../trial.ts';

const CLIENTS = 5_000;
const EVENTS_PER_CLIENT = 2;
const CUT_EVERY_MS = 15_000;
const AWAY_MS = 2_000;
const SECONDS = 30;
const SETTLE_MS = 30_000;

/** Networks that come and go: what share of the events arrives, and how soon a client that comes back has what it missed. */
export const JITTER: Workload = {
  name: 'jitter',
  title: 'Jitter: 5,000 clients, each cut by a TCP reset about every 15 s for 2 s, 2 events/s each',
  targets: ['memory', 'sqlite', 'redis', 'ws', 'socket.io', 'socket.io-recovery', 'socket.io-redis'],
  figures: [
    { key: 'delivered', title: 'delivered %', better: 'more', digits: 2, compared: true },
    { key: 'replayP50', title: 'replay p50 ms', better: 'less' },
    { key: 'replayP99', title: 'replay p99 ms', better: 'less' },
    { key: 'replayMax', title: 'replay max ms', better: 'less' },
    { key: 'cuts', title: 'cuts', better: 'less' },
    { key: 'loadShare', title: 'load CPU %', better: 'less' },
  ],
  maxRounds: 1,
  async run(trial) {
    await trial.startServer();
    const clients = trial.scaled(CLIENTS);
    const seconds = Math.max(3 * trial.seconds, SECONDS / trial.scale);
    await trial.serve({ do: 'prepare', users: clients });
    await trial.load({ do: 'connect', audience: trial.audience(clients, clients), atOnce: 50 });
    const from = await trial.load({ do: 'sample', stamped: true });
    const perSecond = clients * EVENTS_PER_CLIENT;
    await trial.emit({ kind: 'pace', users: clients, perSecond, deltaChars: DELTA_CHARS });
    await trial.load({ do: 'jitter', everyMs: CUT_EVERY_MS, awayMs: AWAY_MS });
    await wait(seconds * 1_000);
    const during = await trial.load({ do: 'settle', withinMs: 0 });
    // Until every client is back; then one more event for each shows by its number what was missed.
    await wait(AWAY_MS + 1_000);
    await trial.serve({ do: 'stop' });
    await trial.load({ do: 'settle', withinMs: SETTLE_MS });
    await trial.serve({ do: 'round', users: clients });
    const end = await trial.load({ do: 'settle', withinMs: SETTLE_MS });
    // A server that replays nothing, or before it says that the client is back, leaves nothing to measure: no figure, and not 0.
    const replay = during.recovery.count > 0 ? during.recovery : { p50: NaN, p99: NaN, max: NaN };
    const events = end.events - from.events;
    const elapsed = (during.at - from.at) / 1e6;
    return {
      delivered: (100 * events) / (events + end.missed - from.missed),
      replayP50: replay.p50 / 1_000,
      replayP99: replay.p99 / 1_000,
      replayMax: replay.max / 1_000,
      cuts: Math.round((clients * seconds * 1_000) / CUT_EVERY_MS),
      loadShare: (during.cpuMicros - from.cpuMicros) / elapsed / 1e4,
    };
  },
};
