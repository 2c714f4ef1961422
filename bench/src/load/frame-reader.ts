/** Takes the messages of one connection. */
export interface MessageSink {
  /** A whole text message lies at `start` to `end` of `bytes`, for as long as this call lasts. */
  message(bytes: Buffer, start: number, end: number): void;
  ping(): void;
  closing(code: number): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const NOTHING = Buffer.alloc(0);

/**
 * Finds frames in what a server sends, by their headers alone: nothing is decoded, and nothing is copied but a frame that lies
 * in two chunks. Servers send whole, unmasked frames; anything else is a fault of the server.
 */
export class FrameReader {
  #rest = NOTHING;

  /** Reads the first `length` bytes of a chunk that is used again after this call. */
  read(chunk: Buffer, length: number, sink: MessageSink): void {
    if (this.#rest.length === 0) {
      const used = parse(chunk, length, sink);
      if (used < length) this.#rest = Buffer.from(chunk.subarray(used, length));
      return;
    }
    const bytes = Buffer.concat([this.#rest, chunk.subarray(0, length)]);
    const used = parse(bytes, bytes.length, sink);
    this.#rest = used === bytes.length ? NOTHING : bytes.subarray(used);
  }
}

/** Hands over the whole frames, and tells how many bytes they take. */
function parse(bytes: Buffer, length: number, sink: MessageSink): number {
  let at = 0;
  while (length - at >= 2) {
    const first = bytes[at] ?? 0;
    let size = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (size === 126) {
      if (length - at < 4) break;
      size = bytes.readUInt16BE(start);
      start += 2;
    } else if (size === 127) {
      if (length - at < 10) break;
      size = Number(bytes.readBigUInt64BE(start));
      start += 8;
    } else if (size > 127) {
      throw new Error('a server sent a masked frame');
    }
    const end = start + size;
    if (end > length) break;
    handle(first, bytes, start, end, sink);
    at = end;
  }
  return at;
}

function handle(first: number, bytes: Buffer, start: number, end: number, sink: MessageSink): void {
  const opcode = first & 0x0f;
  if (opcode === TEXT && first === 0x81) sink.message(bytes, start, end);
  else if (opcode === PING) sink.ping();
  else if (opcode === CLOSE) sink.closing(end - start >= 2 ? bytes.readUInt16BE(start) : 1005);
}

/** A text frame of a client. The mask is zero, which leaves the text as it is. */
export function clientFrame(text: string): Buffer {
  return frame(0x81, Buffer.from(text));
}

export const CLIENT_PONG = frame(0x8a, NOTHING);

function frame(first: number, payload: Buffer): Buffer {
  const short = payload.length < 126;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = first;
  header[1] = 0x80 | (short ? payload.length : 126);
  if (!short) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}
