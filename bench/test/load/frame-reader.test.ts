import { expect, it } from 'vitest';
import { FrameReader, type MessageSink } from '../../src/load/frame-reader.ts';

function serverFrame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const header = Buffer.alloc(length > 0xffff ? 10 : 4);
  header[0] = first;
  header[1] = length > 0xffff ? 127 : 126;
  if (length > 0xffff) header.writeBigUInt64BE(BigInt(length), 2);
  else header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}

class Seen implements MessageSink {
  readonly all: string[] = [];

  message(bytes: Buffer, start: number, end: number): void {
    this.all.push(bytes.toString('utf8', start, end));
  }

  ping(): void {
    this.all.push('ping');
  }

  closing(code: number): void {
    this.all.push(`close ${code}`);
  }
}

const SHORT = ['short', 'm'.repeat(300), ''];
const LONG = 'é'.repeat(40_000);

function stream(texts: readonly string[]): Buffer {
  const ping = serverFrame(0x89, Buffer.alloc(0));
  const close = serverFrame(0x88, Buffer.from([0x03, 0xf4]));
  return Buffer.concat([...texts.map((text) => serverFrame(0x81, Buffer.from(text))), ping, close]);
}

it.each([
  [1, SHORT],
  [2, SHORT],
  [7, SHORT],
  [4_096, [LONG, ...SHORT]],
  [1_000_000, [LONG, ...SHORT]],
])('finds every frame in chunks of %i bytes', (size, texts) => {
  const seen = new Seen();
  const reader = new FrameReader();
  const bytes = stream(texts);
  // The buffer of a chunk is used again for the next one.
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(chunk, 0, at, at + size);
    reader.read(chunk, length, seen);
  }
  expect(seen.all).toEqual([...texts, 'ping', 'close 1012']);
});
