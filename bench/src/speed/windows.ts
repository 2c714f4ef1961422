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
