import type { Offset, Recovery, StartFrom } from '@ws/types';

/** The ends of a stream, as far as placing a cursor needs them. */
export interface StreamEnds {
  readonly epoch: string;
  readonly oldest: Offset;
  readonly head: Offset;
}

/** Where a new cursor stands, and what became of the position that was asked for. */
export interface PlacedCursor {
  readonly position: Offset;
  readonly recovery: Recovery;
}

/**
 * Places the cursor of a connection. Only a position whose every later event is still kept is `resumed`; any other is `reset`
 * to the oldest event, never patched over.
 */
export function resumePosition(from: StartFrom, { epoch, oldest, head }: StreamEnds): PlacedCursor {
  if (from === 'latest') return { position: head, recovery: 'new' };
  const beforeOldest = oldest - 1;
  const asked = from === 'earliest' ? { epoch, offset: 0 } : from;
  if (asked.epoch === epoch && asked.offset >= beforeOldest && asked.offset <= head) {
    return { position: asked.offset, recovery: 'resumed' };
  }
  return { position: beforeOldest, recovery: 'reset' };
}
