import type { FrameGroup } from './connection/frame.ts';

/** First byte of a frame that is a whole text message; RFC 6455, section 5.2. */
const FINAL_TEXT = 0x81;
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
  const lengths = frames.map((frame) => Buffer.byteLength(frame.text));
  let total = 0;
  for (const length of lengths) total += headerSize(length) + length;
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  frames.forEach((frame, index) => {
    const length = lengths[index] ?? 0;
    at = writeHeader(bytes, at, length);
    at += bytes.write(frame.text, at, length, 'utf8');
  });
  return bytes;
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
