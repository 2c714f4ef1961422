import { setTimeout as wait } from 'node:timers/promises';

const WITHIN_MS = 15_000;

/** Waits until `check` no longer throws. */
export async function until(check: () => void | Promise<void>, withinMs = WITHIN_MS): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(20);
  }
}
