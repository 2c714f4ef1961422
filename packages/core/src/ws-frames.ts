import type { Frame, FrameGroup } from './stream/frame.ts';

/** First byte of a frame that is a whole text message; RFC 6455, section 5.2. */
const FINAL_TEXT = 0x81;
const COMMA = 0x2c;
const MAX_7_BIT = 125;
const MAX_16_BIT = 0xffff;

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

  /** The messages of `groups`, `length` bytes as {@link wireLength} says. Good until the next call, unless it is {@link given}. */
  frame(groups: readonly FrameGroup[], length: number): Uint8Array {
    const bytes = length > this.#bytes.length ? Buffer.allocUnsafe(length) : this.#bytes.subarray(0, length);
    let at = 0;
    for (const group of groups) {
      if (group.wire !== undefined || group.wasFramed) {
        const wire = wireBytes(group);
        bytes.set(wire, at);
        at += wire.length;
        continue;
      }
      group.wasFramed = true;
      for (const frame of group.frames) at = writeFrame(bytes, at, frame, frame.bytes);
    }
    return bytes;
  }

  /** Who was handed the bytes last keeps them: the next call takes others. */
  given(): void {
    this.#bytes = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  }
}

function encode({ frames }: FrameGroup): Buffer {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return encodeOne(only);
  const lengths: number[] = [];
  let total = 0;
  for (const frame of frames) {
    const length = frame.bytes;
    lengths.push(length);
    total += headerSize(length) + length;
  }
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (let i = 0; i < frames.length; i += 1) {
    const frame = frames[i];
    const length = lengths[i];
    if (frame === undefined || length === undefined) break;
    at = writeFrame(bytes, at, frame, length);
  }
  return bytes;
}

function encodeOne(frame: Frame): Buffer {
  const length = frame.bytes;
  const bytes = Buffer.allocUnsafe(headerSize(length) + length);
  writeFrame(bytes, 0, frame, length);
  return bytes;
}

function writeFrame(bytes: Buffer, at: number, frame: Frame, length: number): number {
  return writeText(bytes, writeHeader(bytes, at, length), frame, length);
}

function writeText(bytes: Buffer, start: number, { head, body, chars }: Frame, length: number): number {
  const at = head === '' ? start : start + bytes.write(head, start, 'latin1');
  // Text of one byte a character is copied as it is, which takes half the time.
  bytes.write(body, at, length === chars ? 'latin1' : 'utf8');
  if (head !== '') bytes[at] = COMMA;
  return start + length;
}

function headerSize(length: number): number {
  if (length <= MAX_7_BIT) return 2;
  return length <= MAX_16_BIT ? 4 : 10;
}

function writeHeader(bytes: Buffer, at: number, length: number): number {
  bytes[at] = FINAL_TEXT;
  if (length <= MAX_7_BIT) {
    bytes[at + 1] = length;
    return at + 2;
  }
  if (length <= MAX_16_BIT) {
    bytes[at + 1] = 126;
    return bytes.writeUInt16BE(length, at + 2);
  }
  bytes[at + 1] = 127;
  return bytes.writeBigUInt64BE(BigInt(length), at + 2);
}
