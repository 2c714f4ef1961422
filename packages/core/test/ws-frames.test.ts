import { expect, it } from 'vitest';
import { Frame, FrameGroup } from '../src/stream/frame.ts';
import { Scratch, wireBytes, wireLength } from '../src/ws-frames.ts';

const group = (...texts: readonly string[]): FrameGroup => new FrameGroup(texts.map((text) => new Frame(text)));

it('messages are framed in the same memory again, until somebody keeps it', () => {
  const scratch = new Scratch();
  const message = group('{"type":"pong"}');
  const first = scratch.frame([message]);
  expect(scratch.frame([group('{"type":"other"}')]).buffer).toBe(first.buffer);
  scratch.given();
  expect(scratch.frame([group('{"type":"other"}')]).buffer).not.toBe(first.buffer);
});

it('what is framed there is what is framed for many, in front of it and behind it', () => {
  const texts = ['a', 'ü'.repeat(100), '語'.repeat(30_000), '😀'.repeat(20)];
  const scratch = new Scratch();
  const groups = [group(texts[0] ?? ''), group(...texts), group(texts[2] ?? '')];
  const once = Buffer.from(scratch.frame(groups));
  expect(groups.map(({ wire }) => wire)).toEqual([undefined, undefined, undefined]);
  // With the second connection a group is shared, and its bytes are kept.
  expect(Buffer.from(scratch.frame(groups))).toEqual(once);
  expect(groups.every(({ wire }) => wire !== undefined)).toBe(true);
  expect(Buffer.concat(groups.map(wireBytes))).toEqual(once);
});

it('frames are as long as counted, and hold their text, at every length of a header', () => {
  const scratch = new Scratch();
  for (const length of [1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537]) {
    for (const letter of ['a', 'ü', '語']) {
      const bytes = Buffer.byteLength(letter);
      const text = letter.repeat(Math.floor(length / bytes)) + 'x'.repeat(length % bytes);
      const message = group(text);
      const wire = scratch.frame([message]);
      expect(wire.length, `${length} of ${letter}`).toBe(wireLength(group(text)));
      expect(Buffer.from(wire.subarray(wire.length - length)).toString()).toBe(text);
      expect(Buffer.from(wireBytes(group(text)))).toEqual(Buffer.from(wire));
    }
  }
});
