import type { LogEvent, LogPage } from '@ws/core';
import type { Offset } from '@ws/types';

/** Events read at once, which holds the server up for less than a millisecond. */
const PIECE_EVENTS = 500;
/** A page ends here even if more was asked for: characters of data. */
const PAGE_CHARS = 16 * 1_048_576;

/** Reads a page in pieces that do not hold up the server. */
export async function readPages(
  read: (after: Offset, limit: number) => Promise<LogPage>,
  after: Offset,
  limit: number,
): Promise<LogPage> {
  const first = await read(after, Math.min(limit, PIECE_EVENTS));
  const events: LogEvent[] = [...first.events];
  let chars = charsOf(first);
  for (let piece = first; piece.events.length === PIECE_EVENTS && events.length < limit && chars < PAGE_CHARS;) {
    piece = await read(events.at(-1)?.offset ?? after, Math.min(limit - events.length, PIECE_EVENTS));
    // Numbered anew in between: what was read before stands for itself.
    if (piece.epoch !== first.epoch) break;
    events.push(...piece.events);
    chars += charsOf(piece);
  }
  return { epoch: first.epoch, events };
}

function charsOf({ events }: LogPage): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}
