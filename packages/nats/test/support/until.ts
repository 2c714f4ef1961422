import { setTimeout as wait } from 'node:timers/promises';

const WITHIN_MS = 10_000;

/** Waits until `check` no longer throws, and answers what it answers. */
export async function until<Value>(check: () => Value | Promise<Value>, withinMs = WITHIN_MS): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(10);
  }
}
