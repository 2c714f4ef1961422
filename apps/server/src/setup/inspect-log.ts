import { isWebSocketError } from '@ws/types';
import { openLog } from '../open-log.ts';
import type { LogSetting } from '../settings/index.ts';
import type { Finding } from './finding.ts';

const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/** Opens the log, asks whether it can be reached and what it promises, and closes it. */
export async function inspectLog(setting: LogSetting): Promise<Finding> {
  const name = `the log (${setting.kind})`;
  try {
    // A look at the log changes nothing in it: the service may be running.
    const log = await openLog(setting.kind === 'memory' ? setting : { ...setting, newEpoch: undefined });
    try {
      const deadline = performance.now() + PATIENCE_MS;
      while (!(await log.healthy())) {
        if (performance.now() > deadline) {
          return {
            verdict: 'fault',
            what: `${name} cannot be reached`,
            advice: 'Does its server run, and is WS_LOG_URL its address?',
          };
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      if (setting.kind !== 'memory') return { verdict: 'good', what: `${name} can be reached: ${log.durability}` };
      return {
        verdict: 'doubt',
        what: `${name} forgets everything when the service stops`,
        advice: 'For anything but a try, set WS_LOG_URL to sqlite:PATH, redis://… or nats://….',
      };
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!isWebSocketError(error)) throw error;
    return { verdict: 'fault', what: `${name} cannot be opened: ${error.message}` };
  }
}
