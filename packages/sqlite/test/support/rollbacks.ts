import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LogRollback } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import type { SqliteLogOptions } from '../../src/index.ts';

interface Files {
  /** The folder of the log, and its database. */
  readonly folder: string;
  readonly database: string;
  /** Where a copy of the folder, and one of the database alone, lie. */
  readonly copies: string;
  readonly copy: string;
}

/** Copies a file as `cp -p`, `tar` and `rsync` do: with its times. */
function copyWithTimes(from: string, to: string): void {
  copyFileSync(from, to);
  const { atime, mtime } = statSync(from);
  utimesSync(to, atime, mtime);
}

/** Copies a file to another name, with its times, and gives it the right one in one step, as `rsync` does. */
function replace(from: string, to: string): void {
  copyWithTimes(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}

function putBackAll({ copies, folder }: Files, putBack: (from: string, to: string) => void): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const name of readdirSync(copies)) putBack(join(copies, name), join(folder, name));
}

function overwriteAll({ copies, folder }: Files, putBack: (from: string, to: string) => void): void {
  for (const name of readdirSync(copies)) putBack(join(copies, name), join(folder, name));
}

/** Makes a copied mark one of an hour ago. */
function age(mark: string): void {
  const text = readFileSync(mark, 'utf8');
  const at = Number(/"at":(\d+)/.exec(text)?.[1]) - 3_600_000;
  writeFileSync(mark, text.replace(/"at":\d+/, `"at":${at}`));
  utimesSync(mark, at / 1_000, at / 1_000);
}

const WAYS: readonly (readonly [name: string, putBack: (files: Files) => void, options?: SqliteLogOptions])[] = [
  ['an older copy is copied over the file', ({ copy, database }) => copyFileSync(copy, database)],
  ['an older copy is copied over the file, with its times', ({ copy, database }) => copyWithTimes(copy, database)],
  ['an older copy is moved to where the file was', ({ copy, database }) => renameSync(copy, database)],
  ['an older copy takes the place of the file in one step', ({ copy, database }) => replace(copy, database)],
  ['older copies are copied over all files', (files) => overwriteAll(files, copyFileSync)],
  ['older copies take the place of all files', (files) => overwriteAll(files, replace)],
  ['all files are deleted, and older copies put in their place', (files) => putBackAll(files, copyWithTimes)],
  [
    'the folder is deleted, and an older copy of it put in its place',
    ({ copies, folder }) => {
      rmSync(folder, { recursive: true });
      cpSync(copies, folder, { recursive: true, preserveTimestamps: true });
    },
  ],
  [
    'the volume is set back to an older snapshot, and the operator says so',
    // In place and with their times: nothing of the files themselves tells.
    (files) => overwriteAll(files, copyWithTimes),
    { newEpoch: 'restored' },
  ],
];

/** Every way in which a file comes back as it was. */
export function rollbacks(
  pathOf: (log: EventLog) => string,
  open: (options: SqliteLogOptions) => EventLog,
): LogRollback[] {
  const filesOf = (log: EventLog): Files => {
    const database = pathOf(log);
    const folder = dirname(database);
    const copies = `${folder}-copies`;
    return { folder, database, copies, copy: join(`${folder}-copy`, 'events.db') };
  };
  return WAYS.map(([name, putBack, options]) => ({
    name,
    begin: (log) => {
      const { copies, copy, database, folder } = filesOf(log);
      mkdirSync(dirname(copy));
      const db = new DatabaseSync(database);
      db.exec(`VACUUM INTO '${copy}'`);
      db.close();
      // Nothing is written meanwhile, so all files are of one moment.
      cpSync(folder, copies, { recursive: true, preserveTimestamps: true });
      age(join(copies, 'events.db-mark'));
    },
    rollBack: async (log) => {
      const files = filesOf(log);
      await log.close();
      putBack(files);
      for (const each of [files.copies, dirname(files.copy)]) rmSync(each, { recursive: true, force: true });
      return open({ path: files.database, ...options });
    },
  }));
}
