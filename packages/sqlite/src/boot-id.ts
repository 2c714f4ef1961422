import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** An id of this boot of the machine, `undefined` on systems that have none to offer. */
export function bootId(): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    if (process.platform === 'darwin') {
      return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim();
    }
  } catch {
    // Sandboxes may hide it.
  }
  return undefined;
}
