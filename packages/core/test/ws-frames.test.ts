import { expect, it } from 'vitest';
import { Frame, FrameGroup } from '../src/stream/frame.ts';
import { Scratch, wireBytes, wireLength } from '../src/ws-frames.ts';

const group = (...texts: readonly string[]): FrameGroup => new FrameGroup(texts.map((text) => new Frame(text)));

it('messages are framed in the same memory again, until somebody keeps it', () => {
  const scratch = new Scratch();
  const message = group('{"type":"pong"}');
  const length = wireLength(message);
  const first = scratch.frame([message], length);
  expect(scratch.frame([group('{"type":"other"}')], 18).buffer).toBe(first.buffer);
  scratch.given();
  expect(scratch.frame([group('{"type":"other"}')], 18).buffer).not.toBe(first.buffer);
});

it('what is framed there is what is framed for many, in front of it and behind it', () => {
  const texts = ['a', 'ü'.repeat(100), '語'.repeat(30_000), '😀'.repeat(20)];
  const scratch = new Scratch();
  const groups = [group(texts[0] ?? ''), group(...texts), group(texts[2] ?? '')];
  const length = groups.reduce((sum, it) => sum + wireLength(it), 0);
  const once = Buffer.from(scratch.frame(groups, length));
  expect(groups.map(({ wire }) => wire)).toEqual([undefined, undefined, undefined]);
  // With the second connection a group is shared, and its bytes are kept.
  expect(Buffer.from(scratch.frame(groups, length))).toEqual(once);
  expect(groups.every(({ wire }) => wire !== undefined)).toBe(true);
  expect(Buffer.concat(groups.map(wireBytes))).toEqual(once);
});
