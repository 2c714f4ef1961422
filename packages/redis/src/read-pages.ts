import { type LogEvent, type LogPage, MAX_PAGE_BYTES, withinBytes } from '@ws/core/log';
import type { Offset } from '@ws/types';

/** Events read at once, which holds the server up for less than a millisecond. */
const PIECE_EVENTS = 500;
/** Events of the first piece, whose size is not known before it is here: as many of the largest are a few pages. */
const FIRST_PIECE_EVENTS = 50;

/** Reads a page in pieces that do not hold up the server. */
export async function readPages(
  read: (after: Offset, limit: number) => Promise<LogPage>,
  after: Offset,
  limit: number,
): Promise<LogPage> {
  const first = await read(after, Math.min(limit, FIRST_PIECE_EVENTS));
  const events: LogEvent[] = [...first.events];
  let asked = FIRST_PIECE_EVENTS;
  let bytes = bytesOf(first);
  for (let piece = first; piece.events.length === asked && events.length < limit && bytes < MAX_PAGE_BYTES;) {
    const sizeOfOne = bytes / events.length;
    // What is left of the page, as far as the events so far tell.
    const more = Math.ceil((MAX_PAGE_BYTES - bytes) / sizeOfOne);
    asked = Math.min(limit - events.length, PIECE_EVENTS, more);
    piece = await read(events.at(-1)?.offset ?? after, asked);
    // Numbered again in between: what was read before stands for itself.
    if (piece.epoch !== first.epoch) break;
    events.push(...piece.events);
    bytes += bytesOf(piece);
  }
  return { epoch: first.epoch, events: withinBytes(events) };
}

function bytesOf({ events }: LogPage): number {
  return events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
}
