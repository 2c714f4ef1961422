import { setTimeout as wait } from 'node:timers/promises';
import { DELTA_CHARS } from '../../targets/emission.ts';
import type { Workload } from '../trial.ts';
import { lookFor } from '../windows.ts';

const USERS = 1_000;
const EVENTS_PER_SECOND = 10_000;
/** What the stalled client is sent: far more than the operating system keeps for it. */
const STALLED_EVENTS = 600;
const STALLED_DELTA_CHARS = 64_000;

/** One client stops reading while much is sent to it: what the others feel of it, and what it costs. */
export const SLOW: Workload = {
  name: 'slow',
  title: 'Slow: one stalled client that is sent 38 MB, among 1,000 that read',
  targets: ['memory', 'sqlite', 'redis', 'ws', 'socket.io', 'bun'],
  figures: [
    { key: 'quietP99', title: 'p99 of the others before, µs', better: 'less' },
    { key: 'busyP99', title: 'p99 meanwhile, µs', better: 'less' },
    { key: 'grownMb', title: 'MB grown for the stalled', better: 'less', compared: true },
  ],
  maxRounds: 2,
  async run(trial) {
    await trial.startServer();
    const users = trial.scaled(USERS);
    await trial.serve({ do: 'prepare', users: users + 1 });
    await trial.load({ do: 'connect', audience: trial.audience(users, users), atOnce: 50 });
    await trial.load({ do: 'stall', audience: trial.audience(1, 1, { firstUser: users }) });
    await trial.emit({ kind: 'pace', users, perSecond: trial.scaled(EVENTS_PER_SECOND), deltaChars: DELTA_CHARS });
    const quiet = await lookFor(trial, trial.seconds, { stamped: true });
    const before = await trial.serve({ do: 'usage', collect: true });
    await trial.load({ do: 'sample', stamped: true });
    const events = trial.scaled(STALLED_EVENTS);
    const step = Math.ceil(events / 20);
    for (let sent = 0; sent < events; sent += step) {
      await trial.serve({ do: 'burst', user: users, events: step, deltaChars: STALLED_DELTA_CHARS });
      await wait((trial.seconds * 1_000) / 20);
    }
    const { latency } = await trial.load({ do: 'sample', stamped: true });
    const after = await trial.serve({ do: 'usage', collect: true });
    await trial.serve({ do: 'stop' });
    return {
      quietP99: quiet.to.load.latency.p99,
      busyP99: latency.p99,
      grownMb: Math.max(0.1, (after.rss - before.rss) / 1e6),
    };
  },
};
