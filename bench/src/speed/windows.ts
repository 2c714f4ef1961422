import { setTimeout as wait } from 'node:timers/promises';
import type { LoadReport } from '../load/orders.ts';
import type { Usage } from '../targets/control-messages.ts';
import type { Measured, Trial } from './trial.ts';

/** What both sides said at one moment. */
interface Moment {
  readonly load: LoadReport;
  readonly usage: Usage;
}

async function moment(trial: Trial, stamped: boolean): Promise<Moment> {
  const [load, usage] = await Promise.all([
    trial.load({ do: 'sample', stamped }),
    trial.serve({ do: 'usage', collect: false }),
  ]);
  return { load, usage };
}

/** What was delivered within a window, and what it cost. */
export interface Window {
  readonly from: Moment;
  readonly to: Moment;
  readonly seconds: number;
}

/** Events kept of a user: so few that retention trims before the clock starts, as it does in a service that has run for a while. */
const KEPT_EVENTS = 200;
const STEADY_LIMIT_MS = 60_000;

/** Settings of a server that is looked at in its steady state. */
export const STEADY = { WS_RETENTION_EVENTS: String(KEPT_EVENTS) };

/** Waits until every user's stream is full and is trimmed as fast as it grows. The servers to compare with keep nothing. */
export async function steadyState(trial: Trial, users: number): Promise<void> {
  if (trial.target.dialect !== 'agent-events') return;
  const limit = performance.now() + STEADY_LIMIT_MS;
  while ((await trial.serve({ do: 'usage', collect: false })).emitted < 2 * KEPT_EVENTS * users) {
    if (performance.now() > limit)
      throw new Error(`${trial.target.title}: the steady state was not reached in a minute`);
    await wait(100);
  }
}

/** Lets what runs go on for a warm-up, then looks at it for `seconds`. */
export async function lookFor(
  trial: Trial,
  seconds: number,
  { stamped = false, warmUp = Math.min(1, seconds) } = {},
): Promise<Window> {
  await trial.load({ do: 'sample', stamped });
  await wait(warmUp * 1_000);
  const from = await moment(trial, stamped);
  await wait(seconds * 1_000);
  const to = await moment(trial, stamped);
  if (to.load.missed > from.load.missed) {
    throw new Error(`${trial.target.title}: ${to.load.missed - from.load.missed} events were lost`);
  }
  return { from, to, seconds: (to.load.at - from.load.at) / 1e6 };
}

/** Events a second, CPU for each, and who had how much to do. */
export function rates({ from, to, seconds }: Window): Measured {
  const events = to.load.events - from.load.events;
  const cpu = to.usage.cpuMicros - from.usage.cpuMicros;
  return {
    eventsPerSecond: events / seconds,
    frames: (to.load.frames - from.load.frames) / seconds,
    cpuPerEvent: cpu / events,
    serverShare: cpu / seconds / 1e4,
    loadShare: (to.load.cpuMicros - from.load.cpuMicros) / seconds / 1e4,
    rssMb: to.usage.rss / 1e6,
  };
}
