import { CASES } from './cases.ts';
import type { HostKind } from './hosts.ts';
import { RunningHost } from './running-host.ts';

const CASE_MS = 60_000;

/** What came of each case on a host: nothing, or what went wrong. */
export async function tryHost(
  kind: HostKind,
  program: readonly string[],
  onResult: (name: string, error: unknown) => void,
): Promise<void> {
  let host = await RunningHost.start(kind, program);
  try {
    for (const { name, run } of CASES) {
      try {
        await Promise.race([run(host), tooLong(name)]);
        onResult(name, undefined);
      } catch (error) {
        onResult(name, error);
        // What is left open would trouble the next case.
        await host.stop();
        host = await RunningHost.start(kind, program);
      }
    }
  } finally {
    await host.stop();
  }
}

async function tooLong(name: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, CASE_MS).unref());
  throw new Error(`${name} took longer than ${CASE_MS} ms`);
}
