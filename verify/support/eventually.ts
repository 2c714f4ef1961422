import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds; looks often enough for what is measured here in tens of milliseconds. */
export async function eventually(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(5);
  }
}
