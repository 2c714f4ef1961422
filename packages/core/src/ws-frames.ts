import { MAX_BYTES_PER_CHAR } from './log/page-bytes.ts';
import type { Frame, FrameGroup } from './stream/frame.ts';

/** First byte of a frame that is a whole text message; RFC 6455, section 5.2. */
const FINAL_TEXT = 0x81;
const COMMA = 0x2c;
const MAX_7_BIT = 125;
const MAX_16_BIT = 0xffff;
const MAX_HEADER_BYTES = 10;

/**
 * The bytes of a group's messages as a server sends them: unmasked, uncompressed, each in one frame (RFC 6455, section 5.2).
 * Made once and kept in the group.
 */
export function wireBytes(group: FrameGroup): Uint8Array {
  group.wire ??= encode(group);
  return group.wire;
}

/** The length of what {@link wireBytes} makes, without making it. */
export function wireLength(group: FrameGroup): number {
  if (group.wire !== undefined) return group.wire.length;
  let total = 0;
  for (const { bytes } of group.frames) total += headerSize(bytes) + bytes;
  return total;
}

/** A piece of what waits for a socket: some whole messages, and seldom longer. */
const SCRATCH_BYTES = 32_768;

/**
 * Frames messages for one write, in memory that the next write uses again. A thousand clients that reconnect at once get a hundred
 * megabytes in seconds. If each message had its own memory, its size outside V8's heap would cause full garbage collections.
 */
export class Scratch {
  #bytes = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /** The messages of `groups`. Good until the next call, unless it is {@link given}. */
  frame(groups: readonly FrameGroup[]): Uint8Array {
    const bytes = this.#roomFor(groups);
    let at = 0;
    for (const group of groups) {
      if (group.wire !== undefined || group.wasFramed) {
        const wire = wireBytes(group);
        bytes.set(wire, at);
        at += wire.length;
        continue;
      }
      group.wasFramed = true;
      for (const frame of group.frames) at = writeFrame(bytes, at, frame);
    }
    return bytes.subarray(0, at);
  }

  /** Counting bytes takes as long as writing them: where there is room in any case, nothing is counted. */
  #roomFor(groups: readonly FrameGroup[]): Buffer {
    let atMost = 0;
    for (const { chars, frames } of groups) atMost += chars * MAX_BYTES_PER_CHAR + frames.length * MAX_HEADER_BYTES;
    if (atMost <= this.#bytes.length) return this.#bytes;
    let length = MAX_HEADER_BYTES;
    for (const group of groups) length += wireLength(group);
    return length > this.#bytes.length ? Buffer.allocUnsafe(length) : this.#bytes;
  }

  /** Who was handed the bytes last keeps them: the next call takes others. */
  given(): void {
    this.#bytes = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  }
}

function encode(group: FrameGroup): Buffer {
  // A header is written where that of most frames ends, and moved for others.
  const bytes = Buffer.allocUnsafe(wireLength(group) + MAX_HEADER_BYTES);
  let at = 0;
  for (const frame of group.frames) at = writeFrame(bytes, at, frame);
  return bytes.subarray(0, at);
}

/** Writes a frame behind a header of four bytes, as most need it, and moves it where the header is another. Answers where it ends. */
function writeFrame(bytes: Buffer, at: number, frame: Frame): number {
  const length = writeText(bytes, at + 4, frame);
  bytes[at] = FINAL_TEXT;
  if (length <= MAX_7_BIT) {
    bytes.copyWithin(at + 2, at + 4, at + 4 + length);
    bytes[at + 1] = length;
    return at + 2 + length;
  }
  if (length <= MAX_16_BIT) {
    bytes[at + 1] = 126;
    bytes[at + 2] = length >> 8;
    bytes[at + 3] = length & 0xff;
    return at + 4 + length;
  }
  bytes.copyWithin(at + 10, at + 4, at + 4 + length);
  bytes[at + 1] = 127;
  bytes.writeBigUInt64BE(BigInt(length), at + 2);
  return at + 10 + length;
}

function writeText(bytes: Buffer, start: number, { head, body }: Frame): number {
  if (head === '') return bytes.write(body, start, 'utf8');
  const at = start + bytes.write(head, start, 'latin1');
  const written = bytes.write(body, at, 'utf8');
  bytes[at] = COMMA;
  return at - start + written;
}

function headerSize(length: number): number {
  if (length <= MAX_7_BIT) return 2;
  return length <= MAX_16_BIT ? 4 : MAX_HEADER_BYTES;
}
