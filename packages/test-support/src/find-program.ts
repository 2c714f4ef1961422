import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A server program that tests need. */
export interface Program {
  /** Where it is, if this machine has it. */
  readonly path: string | undefined;
  /** Whether the tests that need it are skipped: without the program, except where that would go unnoticed. */
  readonly isSkipped: boolean;
}

/** Looks for a program where the variable says, else on the path. `pnpm test` installs it where it can, and sets the variable. */
export function findProgram(variable: string, names: readonly string[]): Program {
  const path = process.env[variable] || findOnPath(names);
  return { path, isSkipped: path === undefined && process.env['CI'] !== 'true' };
}

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  // Debian puts some servers where the paths of users do not always lead.
  return [...folders, '/usr/sbin'].flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
