import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system that can be filled up for real. */
export interface SmallVolume {
  readonly folder: string;
  /** Takes all its room, or leaves so many bytes of it. */
  fill(leaveBytes?: number): void;
  free(): void;
  unmount(): void;
}

/**
 * Mounts a small volume, or answers `undefined` where this user may not.
 *
 * @param size - as `mount` takes it: `16m`
 */
export function mountSmallVolume(size: string): SmallVolume | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ws-volume-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: (leaveBytes = 0) => {
      const file = openSync(ballast, 'w');
      try {
        // Big pieces first, then what is left in small ones.
        for (const bytes of [65_536, 1_024, 1]) writeUntilFull(file, Buffer.alloc(bytes));
        if (leaveBytes > 0) ftruncateSync(file, fstatSync(file).size - leaveBytes);
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => {
      execFileSync('umount', [folder], { stdio: 'ignore' });
      rmSync(folder, { recursive: true });
    },
  };
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    while (writeSync(file, piece) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
