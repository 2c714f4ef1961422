import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  // Debian puts it where users' paths do not always lead.
  return [...folders, '/usr/sbin'].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The server program, if there is one. `pnpm test` installs it where it can, and says where it is. */
export const NATS_PROGRAM = process.env['NATS_SERVER_PATH'] ?? findOnPath('nats-server');

/** Without the program the tests that need it are skipped, except where that would go unnoticed. */
export const isSkipped = NATS_PROGRAM === undefined && process.env['CI'] !== 'true';
