import type { Tally } from './tally.ts';

const OFFSET_AT = '{"offset":'.length;
const PREV = Buffer.from(',"prev":');
const COMMA = 0x2c;
const STAMP = 0x40;
const STAMP_DIGITS = 16;
/** A stamp ends the delta: few bytes of the envelopes of any server follow it. */
const STAMP_WITHIN = 80;

/** Reads a whole number in ASCII digits. */
function readDigits(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; ; i += 1) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}

/** The time an event was emitted, in microseconds, if its delta carries it. */
function stampOf(bytes: Buffer, start: number, end: number): number | undefined {
  for (let i = end - 1; i > end - STAMP_WITHIN && i > start + STAMP_DIGITS; i -= 1) {
    if (bytes[i] === STAMP && bytes[i - STAMP_DIGITS - 1] === STAMP) return readDigits(bytes, i - STAMP_DIGITS);
  }
  return undefined;
}

/** Follows the numbers of one user's events on one connection: each once, none missing. */
export class EventCheck {
  /** Offset of the newest event; `undefined` before the first. */
  last: number | undefined;
  /** Events passed over on this connection. */
  missed = 0;
  /** Told of each event's offset. */
  onOffset: ((offset: number) => void) | undefined;
  /** Told when each stamped event was emitted. */
  onStamp: ((emittedAt: number) => void) | undefined;
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Takes the event whose JSON begins at `at`: it begins with its offset, on every server. */
  take(bytes: Buffer, at: number, end: number): void {
    const tally = this.#tally;
    let i = at + OFFSET_AT;
    const offset = readDigits(bytes, i);
    while (bytes[i] !== COMMA) i += 1;
    const hasPrev = bytes[i + 2] === PREV[2] && bytes.compare(PREV, 0, PREV.length, i, i + PREV.length) === 0;
    const before = hasPrev ? readDigits(bytes, i + PREV.length) : offset - 1;
    const last = this.last ?? before;
    tally.frames += 1;
    if (offset <= last) {
      tally.repeated += 1;
      return;
    }
    // Joined deltas count as what they are made of.
    tally.events += offset - before;
    if (before > last) {
      tally.missed += before - last;
      this.missed += before - last;
    }
    this.last = offset;
    this.onOffset?.(offset);
    this.#time(bytes, at, end);
  }

  /** Takes an event without a look at its number. */
  count(bytes: Buffer, at: number, end: number): void {
    this.#tally.frames += 1;
    this.#tally.events += 1;
    this.#time(bytes, at, end);
  }

  #time(bytes: Buffer, at: number, end: number): void {
    if (!this.#tally.stamped) return;
    const emittedAt = stampOf(bytes, at, end);
    if (emittedAt === undefined) return;
    this.#tally.latency(emittedAt);
    this.onStamp?.(emittedAt);
  }
}
