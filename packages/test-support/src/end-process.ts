import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends a program a signal, and waits until it is gone. One that has ended already is left alone. */
export async function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}
