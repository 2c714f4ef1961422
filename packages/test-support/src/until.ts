import type { EventLog } from '@ws/core';
import { setTimeout as wait } from 'node:timers/promises';

const WITHIN_MS = 10_000;
const EVERY_MS = 10;

/** Waits until `check` no longer throws, and answers what it answers; after `withinMs` it rejects with what `check` threw last. */
export async function until<Value>(check: () => Value | Promise<Value>, withinMs = WITHIN_MS): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(EVERY_MS);
  }
}

/** Waits until a log works again. */
export async function untilHealthy(log: EventLog, withinMs = WITHIN_MS): Promise<void> {
  await until(async () => {
    if (!(await log.healthy())) throw new Error('the log is not back');
  }, withinMs);
}
