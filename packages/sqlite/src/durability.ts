import type { DatabaseSync } from 'node:sqlite';
import type { DurabilityProfile } from '@ws/core/log';
import type { Synchronous } from './options.ts';

/** What an append that returned promises, by level. */
export const DURABILITY: { readonly [Level in Synchronous]: string } = {
  full:
    'an accepted event was synced to disk before it was acknowledged: it survives a killed process, a system crash and a ' +
    'power cut, as far as the disk and its file system honour fsync',
  normal:
    'an accepted event was handed to the operating system before it was acknowledged: it survives a killed process; a system ' +
    'crash or a power cut may take the last ones (a new epoch says so then) but never damages the file',
};

const SETTINGS = ['journal_mode', 'synchronous', 'fullfsync'] as const;
/** What SQLite answers for levels of `synchronous`. */
const LEVELS = ['off', 'normal', 'full', 'extra'];

/** The same as data, by what is in force on this handle. */
export function durabilityProfile(db: DatabaseSync): DurabilityProfile {
  const settings = Object.fromEntries(
    SETTINGS.map((name) => {
      const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
      return [name, name === 'synchronous' ? (LEVELS[Number(value)] ?? String(value)) : String(value)];
    }),
  );
  return { settings, survives: { killedProcess: 'yes', powerCut: settings['synchronous'] === 'full' ? 'yes' : 'no' } };
}
