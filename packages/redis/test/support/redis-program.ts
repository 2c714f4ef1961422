import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
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
export const REDIS_PROGRAM = process.env['REDIS_SERVER_PATH'] ?? findOnPath(['redis-server', 'valkey-server']);

/** Without the program the tests that need it are skipped, except where that would go unnoticed. */
export const isSkipped = REDIS_PROGRAM === undefined && process.env['CI'] !== 'true';
