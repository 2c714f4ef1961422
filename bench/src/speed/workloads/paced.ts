import { DELTA_CHARS } from '../../targets/emission.ts';
import { TARGET_NAMES } from '../targets.ts';
import type { Workload } from '../trial.ts';
import { lookFor, rates, STEADY, steadyState } from '../windows.ts';

const EVENTS_PER_SECOND = 20_000;
const USERS = 1_000;

/** A steady load that every server can take: what it costs, and how long an event is on its way. */
export const PACED: Workload = {
  name: 'paced',
  title: 'Paced: 20,000 events/s to 1,000 users, every delta its own frame',
  targets: TARGET_NAMES.filter((name) => name !== 'socket.io-recovery'),
  figures: [
    { key: 'p50', title: 'p50 µs', better: 'less' },
    { key: 'p99', title: 'p99 µs', better: 'less' },
    { key: 'p999', title: 'p99.9 µs', better: 'less' },
    { key: 'serverShare', title: 'server CPU %', better: 'less', compared: true },
    { key: 'eventsPerSecond', title: 'events/s', better: 'more' },
  ],
  async run(trial) {
    await trial.startServer({ env: STEADY });
    const users = trial.scaled(USERS);
    await trial.serve({ do: 'prepare', users });
    await trial.load({ do: 'connect', audience: trial.audience(users, users), atOnce: 50 });
    const perSecond = trial.scaled(EVENTS_PER_SECOND);
    await trial.emit({ kind: 'pace', users, perSecond, deltaChars: DELTA_CHARS });
    await steadyState(trial, users);
    const window = await lookFor(trial, trial.seconds, { stamped: true });
    await trial.serve({ do: 'stop' });
    const { p50, p99, p999 } = window.to.load.latency;
    return { p50, p99, p999, ...rates(window) };
  },
};
