import { setTimeout as delay } from 'node:timers/promises';

/** The time of the agent, so that tests need not wait. */
export interface AgentClock {
  /** Resolves after so many milliseconds, rejects as soon as the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: AgentClock = {
  async sleep(milliseconds, signal) {
    await delay(milliseconds, undefined, { signal });
  },
};
