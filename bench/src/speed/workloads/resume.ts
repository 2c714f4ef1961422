import { DELTA_CHARS } from '../../targets/emission.ts';
import type { Trial, Workload } from '../trial.ts';
import { lookFor } from '../windows.ts';

const BEHIND = 10_000;
const RETURNING = 1_000;
const MISSED = 1_000;
const LIVE = 200;
const LIVE_EVENTS_PER_SECOND = 2_000;

/** One client that missed 10,000 events, and 1,000 that missed 1,000 each and come back at once, beside others that are live. */
export const RESUME: Workload = {
  name: 'resume',
  title: 'Resume: 10,000 events behind; then 1,000 clients at once, 1,000 events behind each',
  targets: ['memory', 'sqlite', 'redis'],
  figures: [
    { key: 'oneMs', title: '10,000 behind, ms', better: 'less', digits: 1 },
    { key: 'allMs', title: '1,000 clients, ms until the last is whole', better: 'less' },
    { key: 'quietP99', title: 'live p99 before, µs', better: 'less' },
    { key: 'busyP99', title: 'live p99 meanwhile, µs', better: 'less' },
  ],
  async run(trial) {
    await trial.startServer();
    const returning = trial.scaled(RETURNING);
    const missed = trial.scaled(MISSED);
    const live = trial.scaled(LIVE);
    await trial.serve({ do: 'prepare', users: live + returning + 1 });
    const oneMs = await resumeOne(trial, live + returning, trial.scaled(BEHIND));
    for (let user = live; user < live + returning; user += 1) {
      await trial.serve({ do: 'burst', user, events: missed, deltaChars: DELTA_CHARS });
    }
    await trial.load({ do: 'connect', audience: trial.audience(live, live), atOnce: 50 });
    await trial.emit({ kind: 'pace', users: live, perSecond: LIVE_EVENTS_PER_SECOND, deltaChars: DELTA_CHARS });
    const quiet = await lookFor(trial, trial.seconds, { stamped: true });
    const audience = trial.audience(returning, returning, { firstUser: live });
    const { tookMs } = await trial.loadBeside({ do: 'resume', audience, events: missed });
    const { latency } = await trial.load({ do: 'sample', stamped: true });
    await trial.serve({ do: 'stop' });
    return { oneMs, allMs: tookMs, quietP99: quiet.to.load.latency.p99, busyP99: latency.p99 };
  },
};

async function resumeOne(trial: Trial, user: number, events: number): Promise<number> {
  await trial.serve({ do: 'burst', user, events, deltaChars: DELTA_CHARS });
  const times: number[] = [];
  // The first time what is made once is made, and code is compiled.
  for (let turn = 0; turn < 3; turn += 1) {
    const { recovery } = await trial.load({
      do: 'resume',
      audience: trial.audience(1, 1, { firstUser: user }),
      events,
    });
    times.push(recovery.max / 1_000);
  }
  return times.at(-1) ?? NaN;
}
