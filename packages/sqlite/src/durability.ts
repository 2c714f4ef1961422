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
