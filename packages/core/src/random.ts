import { randomBytes } from 'node:crypto';

/** Where ids come from. */
export interface IdSource {
  /** A new id, unlike any other. */
  next(): string;
}

const RADIX = 36;
/** Digits of the counter that change with every id, and those that change now and then. */
const LOW_DIGITS = 2;
const HIGH_DIGITS = 5;
const LOW = Array.from({ length: RADIX ** LOW_DIGITS }, (_, n) => n.toString(RADIX).padStart(LOW_DIGITS, '0'));

/**
 * Ids of this process: a random part that no other process has, and a counter. Ids that follow each other sort next to each
 * other, which an index on disk is thankful for. They are names, not secrets: nothing may be opened by knowing one.
 */
function createIdSource(random: () => Uint8Array = () => randomBytes(9)): IdSource {
  const prefix = Buffer.from(random()).toString('base64url');
  let high = 0;
  let low = 0;
  let front = frontOf(prefix, high);
  return {
    next: () => {
      low += 1;
      if (low === LOW.length) {
        low = 0;
        high += 1;
        front = frontOf(prefix, high);
      }
      return `${front}${LOW[low] ?? ''}`;
    },
  };
}

function frontOf(prefix: string, high: number): string {
  return `${prefix}${high.toString(RADIX).padStart(HIGH_DIGITS, '0')}`;
}

/** The ids of this process. */
export const systemIds: IdSource = createIdSource();

/** A number from 0 to below 1, to spread things in time. */
export const systemRandom = (): number => Math.random();
