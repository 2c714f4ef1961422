import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

const READY_WITHIN_MS = 15_000;

/**
 * Waits until a server program that was just started answers.
 *
 * @param name - of the program, for the error
 * @param answers - asks it once; a rejection counts as no
 */
export async function untilItAnswers(
  name: string,
  child: ChildProcess,
  answers: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const isThere = await answers().catch(() => false);
    // An answer of another server that has the port is none.
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) throw new Error(`${name} ended with ${end} when it was started`);
    if (isThere) return;
    if (performance.now() > deadline) throw new Error(`${name} did not answer within ${READY_WITHIN_MS} ms`);
    await wait(10);
  }
}
