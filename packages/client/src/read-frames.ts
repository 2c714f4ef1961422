import {
  CONTROL_FRAME_SCHEMAS,
  parseServerFrame,
  WebSocketError,
  type FramePartFrame,
  type ParseResult,
  type WireFrame,
} from '@ws/types';
import type { Numbered } from './cursor.ts';

/** One frame of a message of the server, as far as it can be read. */
export type ReadFrame =
  | { readonly kind: 'frame'; readonly frame: WireFrame }
  /** An event whose place in the stream is known and whose content is not. */
  | { readonly kind: 'unreadable_event'; readonly place: Numbered; readonly error: WebSocketError }
  | { readonly kind: 'unreadable'; readonly error: WebSocketError };

/** Longest frame that is put together from parts, in characters: a server that never ends one would fill the memory. */
const MAX_JOINED_CHARS = 67_108_864;

/** Reads the messages of one connection, in order, and puts frames together that travel in parts. */
export class FrameReader {
  #text = '';
  #parts = 0;

  /** The frames that `message` completes. Throws `PROTOCOL_VIOLATION` where a part is missing. */
  read(message: string): readonly ReadFrame[] {
    const frames = readFrames(message);
    const [first] = frames;
    const part = first?.kind === 'frame' && isPart(first.frame) ? first.frame : null;
    if ((part?.seq ?? 0) !== this.#parts || this.#text.length > MAX_JOINED_CHARS) {
      throw new WebSocketError('PROTOCOL_VIOLATION', 'the server sent frame parts that do not belong together');
    }
    if (part === null) return frames;
    this.#text += part.data;
    this.#parts += 1;
    if (!part.last) return [];
    const text = this.#text;
    this.#text = '';
    this.#parts = 0;
    return readFrames(text);
  }
}

function isPart(frame: WireFrame): frame is FramePartFrame {
  return frame.type === 'frame_part' && 'seq' in frame;
}

/** Reads a text message: a frame, or an array of frames. Never throws; each frame is judged alone. */
function readFrames(text: string): readonly ReadFrame[] {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return [
      { kind: 'unreadable', error: new WebSocketError('BAD_JSON', 'the server sent a message that is not JSON') },
    ];
  }
  return Array.isArray(input) ? input.map(readFrame) : [readFrame(input)];
}

function readFrame(input: unknown): ReadFrame {
  const result: ParseResult<WireFrame> = parseServerFrame(input);
  if (result.ok) return { kind: 'frame', frame: result.value };
  const place = placeOf(input);
  const error = new WebSocketError(
    result.code,
    `the server sent a frame that cannot be read: ${result.message}`,
    place === null ? {} : { details: { offset: place.offset } },
  );
  return place === null ? { kind: 'unreadable', error } : { kind: 'unreadable_event', place, error };
}

function placeOf(input: unknown): Numbered | null {
  if (typeof input !== 'object' || input === null) return null;
  const { type, offset, prev } = input as Readonly<Record<string, unknown>>;
  if (typeof type === 'string' && Object.hasOwn(CONTROL_FRAME_SCHEMAS, type)) return null;
  if (!isOffset(offset)) return null;
  return isOffset(prev) ? { offset, prev } : { offset };
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
