/** Frames of RFC 6455, right or wrong. */

export interface FrameParts {
  readonly fin?: boolean;
  readonly masked?: boolean;
  /** The three reserved bits; 4 is RSV1, which says that the message is compressed. */
  readonly reserved?: number;
  /** A length other than that of the payload. */
  readonly claimedLength?: bigint;
}

const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

export function frame(
  opcode: number,
  payload: string | Uint8Array = '',
  { fin = true, masked = true, reserved = 0, claimedLength }: FrameParts = {},
): Buffer {
  const bytes = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const length = lengthBytes(claimedLength ?? BigInt(bytes.length), masked);
  if (!masked) return Buffer.concat([Buffer.from([first]), length, bytes]);
  const hidden = bytes.map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([first]), length, MASK, hidden]);
}

function lengthBytes(length: bigint, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0;
  if (length < 126n) return Buffer.from([bit | Number(length)]);
  const long = length > 65_535n;
  const bytes = Buffer.alloc(long ? 9 : 3);
  bytes[0] = bit | (long ? 127 : 126);
  if (long) bytes.writeBigUInt64BE(length, 1);
  else bytes.writeUInt16BE(Number(length), 1);
  return bytes;
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The whole frames at the beginning of what a server has sent: never masked. */
export function readFrames(bytes: Buffer): readonly ServerFrame[] {
  const frames: ServerFrame[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const headLength = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (at + headLength > bytes.length) break;
    let length = short;
    if (short === 126) length = bytes.readUInt16BE(at + 2);
    if (short === 127) length = Number(bytes.readBigUInt64BE(at + 2));
    const end = at + headLength + length;
    if (end > bytes.length) break;
    frames.push({ opcode: bytes.readUInt8(at) & 0x0f, payload: bytes.subarray(at + headLength, end) });
    at = end;
  }
  return frames;
}
