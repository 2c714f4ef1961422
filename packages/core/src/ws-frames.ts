import type { Frame, FrameGroup } from './connection/frame.ts';

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
    at = writeHeader(bytes, at, length);
    at = writeText(bytes, at, frame, length);
  }
  return bytes;
}

function encodeOne(frame: Frame): Buffer {
  const length = frame.bytes;
  const bytes = Buffer.allocUnsafe(headerSize(length) + length);
  writeText(bytes, writeHeader(bytes, 0, length), frame, length);
  return bytes;
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
