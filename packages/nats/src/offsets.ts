import type { Offset } from '@ws/types';

/**
 * Offsets that each message has room for. The number of a message is that of the whole JetStream stream, which all users share, so
 * a user's offsets have holes. Up to 2^43 messages an offset is a safe integer.
 */
export const OFFSETS_PER_MESSAGE = 1_024;

/** The offset of a message's last event; 0 for no message. */
export function lastOffsetOf(sequence: number): Offset {
  return sequence * OFFSETS_PER_MESSAGE;
}

/** The offset of event `index` of `count` that a message brings: they end at its last offset. */
export function offsetOf(sequence: number, index: number, count: number): Offset {
  return lastOffsetOf(sequence) - (count - 1 - index);
}

/** The first sequence that may hold an event after `offset`. */
export function sequenceAfter(offset: Offset): number {
  return Math.floor(offset / OFFSETS_PER_MESSAGE) + 1;
}

/**
 * Messages that have to lie between an append and the one before it, so that its offsets do not reach into those of that one:
 * more events than a message has offsets for go on into the offsets of its parts.
 */
export function partsNeeded(events: number): number {
  return Math.max(0, Math.ceil(events / OFFSETS_PER_MESSAGE) - 1);
}
