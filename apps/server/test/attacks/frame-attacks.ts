import { deflateRawSync } from 'node:zlib';
import { expect } from 'vitest';
import { frame, type FrameParts } from './support/frames.ts';
import { RawWebSocket } from './support/raw-web-socket.ts';
import type { Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

interface FrameCase {
  readonly name: string;
  /** Frames: opcode, payload, what is odd about it. */
  readonly frames: readonly (readonly [number, (string | Uint8Array)?, FrameParts?])[];
  readonly close: number;
}

const [CONTINUATION, TEXT, CLOSE, PING] = [0, 1, 8, 9];
const HELLO = '{"type":"ping"}';
const BOMB = deflateRawSync(Buffer.alloc(50 * 1_024 * 1_024, '['));

const MALFORMED: readonly FrameCase[] = [
  { name: 'a frame without a mask', frames: [[TEXT, HELLO, { masked: false }]], close: 1002 },
  ...[3, 7, 11, 15].map((opcode) => ({
    name: `the reserved opcode ${opcode}`,
    frames: [[opcode, HELLO]] as const,
    close: 1002,
  })),
  ...[1, 2, 4].map((reserved) => ({
    name: `the reserved bits ${reserved}`,
    frames: [[TEXT, HELLO, { reserved }]] as const,
    close: 1002,
  })),
  { name: 'a compression bomb', frames: [[TEXT, BOMB, { reserved: 4 }]], close: 1002 },
  { name: 'text that is no UTF-8', frames: [[TEXT, Buffer.from([0x7b, 0xff, 0x7d])]], close: 1007 },
  { name: 'text with half a surrogate', frames: [[TEXT, Buffer.from([0xed, 0xa0, 0x80])]], close: 1007 },
  { name: 'a ping in fragments', frames: [[PING, 'a', { fin: false }]], close: 1002 },
  { name: 'a ping of 126 bytes', frames: [[PING, 'a'.repeat(126)]], close: 1002 },
  { name: 'a continuation of nothing', frames: [[CONTINUATION, 'a']], close: 1002 },
  {
    name: 'a text in the middle of another',
    frames: [
      [TEXT, '{', { fin: false }],
      [TEXT, HELLO],
    ],
    close: 1002,
  },
  { name: 'a close frame of one byte', frames: [[CLOSE, 'a']], close: 1002 },
  { name: 'a close with a code that nobody may send', frames: [[CLOSE, Buffer.from([0x03, 0xee])]], close: 1002 },
  { name: 'a close whose reason is no UTF-8', frames: [[CLOSE, Buffer.from([0x03, 0xe8, 0xff])]], close: 1007 },
  { name: 'a message over the limit', frames: [[TEXT, 'a'.repeat(65_537)]], close: 1009 },
  { name: 'a length over the limit, and no message', frames: [[TEXT, '', { claimedLength: 100_000n }]], close: 1009 },
  { name: 'a length over all integers', frames: [[TEXT, '', { claimedLength: 2n ** 63n - 1n }]], close: 1009 },
  { name: 'a length with its highest bit set', frames: [[TEXT, '', { claimedLength: 2n ** 64n - 1n }]], close: 1009 },
  {
    name: 'a message in two hundred fragments',
    frames: [
      [TEXT, '{', { fin: false }],
      ...Array.from({ length: 199 }, () => [CONTINUATION, '', { fin: false }] as const),
    ],
    close: 1008,
  },
  { name: 'a binary message', frames: [[2, HELLO]], close: 4500 },
  { name: 'a message without a byte', frames: [[TEXT, '']], close: 4500 },
];

async function closes({ url }: Target, token: string | undefined, { frames, close }: FrameCase): Promise<void> {
  const offer = ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'];
  const parts = { headers: offer, ...(token === undefined ? {} : { token }) };
  using it = token === undefined ? await RawWebSocket.open(url, parts) : await RawWebSocket.ready(url, parts);
  // Compression is not taken, whatever is offered: there is nothing to inflate.
  expect(it.socket.text).not.toMatch(/sec-websocket-extensions/i);
  for (const [opcode, payload, odd] of frames) it.send(opcode, payload, odd);
  expect(await it.closeCode()).toBe(close);
}

interface FloodCase {
  readonly name: string;
  readonly bytes: Buffer;
  readonly close: number;
}

const FLOODS: readonly FloodCase[] = [
  { name: 'WebSocket pings', bytes: frame(PING, 'a'.repeat(125)), close: 4029 },
  { name: 'WebSocket pongs', bytes: frame(10), close: 4029 },
  { name: 'pings of the protocol', bytes: frame(TEXT, '{"type":"ping"}'), close: 4029 },
  { name: 'acks', bytes: frame(TEXT, '{"type":"ack","offset":1}'), close: 4029 },
  { name: 'tiny frames that mean nothing', bytes: frame(TEXT, '{"type":"ack"}'), close: 4029 },
  {
    name: 'large frames',
    bytes: frame(TEXT, `{"type":"ping","pad":"${'a'.repeat(60_000)}"}`),
    close: 4029,
  },
  { name: 'tokens to check', bytes: frame(TEXT, '{"type":"auth","token":"a.b.c"}'), close: 4029 },
  {
    name: 'fragments without a byte, of a message that never ends',
    bytes: frame(CONTINUATION, '', { fin: false }),
    close: 1008,
  },
  {
    name: 'fragments of a message that never ends',
    bytes: frame(CONTINUATION, 'a'.repeat(1_000), { fin: false }),
    close: 1009,
  },
];

async function isStopped({ url }: Target, token: string, { bytes, close }: FloodCase): Promise<void> {
  using it = await RawWebSocket.ready(url, { token });
  // What continues something needs a beginning.
  if ((bytes[0] ?? 0) === 0) it.send(TEXT, '{', { fin: false });
  const [code] = await Promise.all([it.closeCode(), it.socket.flood(bytes, Infinity)]);
  // One that does not stop is cut off, and may not have read why.
  expect([close, 1006]).toContain(code);
}

/** Attacks with the frames of RFC 6455. */
export const FRAME_ATTACKS: readonly Attack[] = [
  ...MALFORMED.map((row) => ({
    name: `${row.name} → ${row.close}`,
    run: async (target: Target) => {
      await closes(target, undefined, row);
      await closes(target, await target.token(), row);
    },
  })),
  ...FLOODS.map((row) => ({
    name: `a flood of ${row.name} → ${row.close}, cut off`,
    run: async (target: Target) => isStopped(target, await target.token(), row),
  })),
  {
    name: 'a peer that goes on after it was closed → cut off',
    run: async (target) => {
      using it = await RawWebSocket.ready(target.url, { token: await target.token() });
      it.say({ type: 'dance' });
      await it.socket.until(() => it.text.includes('UNKNOWN_FRAME'), 'the error');
      await it.socket.flood(frame(TEXT, '{"type":"ping"}'), Infinity);
    },
  },
];
