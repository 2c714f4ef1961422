import { randomUUID } from 'node:crypto';

/** Where ids come from. */
export interface IdSource {
  /** A new id that no one can guess. */
  next(): string;
}

/** Random version 4 UUIDs of the machine's secure source. */
export const systemIds: IdSource = { next: () => randomUUID() };
