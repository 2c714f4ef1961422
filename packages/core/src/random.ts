import { randomBytes } from 'node:crypto';

/** Where ids come from. */
export interface IdSource {
  /** A new id, unlike any other. */
  next(): string;
}

const COUNTER_DIGITS = 7;

/**
 * Ids of this process: a random part that no other process has, and a counter. Ids that follow each other sort next to each
 * other, which an index on disk is thankful for. They are names, not secrets: nothing may be opened by knowing one.
 */
export function createIdSource(random: () => Uint8Array = () => randomBytes(9)): IdSource {
  const prefix = Buffer.from(random()).toString('base64url');
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `${prefix}${count.toString(36).padStart(COUNTER_DIGITS, '0')}`;
    },
  };
}

/** The ids of this process. */
export const systemIds: IdSource = createIdSource();
