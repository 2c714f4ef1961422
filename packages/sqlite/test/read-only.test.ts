import { mountSmallVolume } from '@ws/test-support';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { appendOffsets } from './support/events.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const isRoot = process.getuid?.() === 0;

// Permissions do not hold back root; a volume mounted read-only does.
test.skipIf(isRoot)('a file that may not be written is LOG_UNAVAILABLE', async () => {
  const folder = tempFolder();
  const path = join(folder, 'events.db');
  await openSqliteLog({ path }).close();
  chmodSync(path, 0o400);
  chmodSync(folder, 0o500);
  expect(() => openSqliteLog({ path })).toThrowError(expect.objectContaining({ code: 'LOG_UNAVAILABLE' }));
  chmodSync(folder, 0o700);
  removeFolder(folder);
});

const volume = mountSmallVolume('16m');
test.skipIf(volume === undefined)('a read-only volume is LOG_UNAVAILABLE, and works again when it is not', async () => {
  const folder = volume?.folder ?? '';
  const path = join(folder, 'events.db');
  const log = openSqliteLog({ path });
  await appendOffsets(log, 3);
  await log.close();
  try {
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    expect(() => openSqliteLog({ path })).toThrowError(expect.objectContaining({ code: 'LOG_UNAVAILABLE' }));
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    const again = openSqliteLog({ path });
    expect(again.healthy()).toBe(true);
    await again.close();
  } finally {
    volume?.unmount();
  }
});
