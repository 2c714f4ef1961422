import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { setUp } from '../support/world.ts';
import { SlowLink } from '../support/slow-link.ts';

/** A client gives a connection up when nothing came to its end for this long: two heartbeats. */
const PATIENCE_MS = 50_000;

const note = (text: string): EventInput => ({ type: 'user_message', payload: { message_id: 'm', text } });

interface Case {
  readonly bytesPerSecond: number;
  readonly hello?: object;
  readonly events: readonly EventInput[];
  readonly forMs: number;
}

/** Lets a client catch up over a slow link, and tells what it has then. */
async function catchUp({ bytesPerSecond, hello = { batch: true, parts: true }, events, forMs }: Case) {
  const { hub, clock } = setUp({ tuning: { pageEvents: 200 } });
  await hub.manager({ userId: 'alice' }).emitAll(events);
  const link = SlowLink.open(clock, bytesPerSecond, (it) => hub.accept(it, { authentication: { userId: 'alice' } }));
  link.say({ type: 'hello', from: 'earliest', ...hello });
  for (let ms = 0; ms < forMs && link.closedWith === undefined; ms += 1_000) await clock.advance(1_000);
  return { link, frames: framesIn(link.received) };
}

/** As a client does: a part at a time, whole frames in order. */
function framesIn(messages: readonly string[]): Record<string, unknown>[] {
  let text = '';
  return messages.flatMap((message) => {
    const frame = JSON.parse(message) as Record<string, unknown>;
    if (Array.isArray(frame)) return frame as Record<string, unknown>[];
    if (frame['type'] !== 'frame_part') return [frame];
    text += String(frame['data']);
    if (frame['last'] !== true) return [];
    const whole = JSON.parse(text) as Record<string, unknown>;
    text = '';
    return [whole];
  });
}

describe('a slow link', () => {
  it.each([1_000, 3_000, 12_000, 100_000])(
    'of %i bytes a second catches up, and is never silent',
    async (bytesPerSecond) => {
      const events = Array.from({ length: 60 }, (_, i) => note(`${i} ${'x'.repeat(4_000)}`));
      const { link, frames } = await catchUp({ bytesPerSecond, events, forMs: 300_000 });
      const offsets = frames.flatMap(({ type, offset }) => (type === 'user_message' ? [offset] : []));
      expect(offsets).toEqual(events.map((_, i) => i + 1));
      expect(link.closedWith).toBeUndefined();
      expect(link.longestSilenceMs).toBeLessThan(PATIENCE_MS / 4);
    },
  );

  it.each(['x', 'ü', '語', '😀', '"'])('of 1 kB/s carries the longest event there is, of %s', async (char) => {
    const text = char.repeat(Math.floor(1_040_000 / Math.max(Buffer.byteLength(char), char === '"' ? 2 : 1)));
    const { link, frames } = await catchUp({
      bytesPerSecond: 1_000,
      events: [note(text), note('end')],
      forMs: 3_000_000,
    });
    expect(frames.find(({ offset, type }) => type === 'user_message' && offset === 1)?.['payload']).toMatchObject({
      text,
    });
    expect(frames.at(-1)).toMatchObject({ offset: 2 });
    expect([link.closedWith, link.longestSilenceMs < PATIENCE_MS / 2]).toEqual([undefined, true]);
  });

  it('carries events one by one to a client that takes no batches, which is not closed while it takes them', async () => {
    const events = Array.from({ length: 60 }, () => note('x'.repeat(4_000)));
    const { link, frames } = await catchUp({ bytesPerSecond: 1_000, hello: {}, events, forMs: 300_000 });
    expect(link.closedWith).toBeUndefined();
    expect(frames.at(-1)).toMatchObject({ offset: 60 });
  });

  it('has a long event in one message where the client did not ask for parts', async () => {
    const { link } = await catchUp({
      bytesPerSecond: 100_000,
      hello: { batch: true },
      events: [note('x'.repeat(100_000)), note('end')],
      forMs: 5_000,
    });
    expect(link.longestMessageBytes).toBeGreaterThan(100_000);
    expect(link.received.some((message) => message.includes('frame_part'))).toBe(false);
  });

  it('that carries nothing any more is closed for its heartbeat', async () => {
    const { link } = await catchUp({ bytesPerSecond: 0.001, events: [note('x'.repeat(4_000))], forMs: 60_000 });
    expect(link.closedWith).toBe(4008);
  });
});

it('a message takes no longer than a third of the heartbeat at 1 kB/s', async () => {
  const { hub, clock } = setUp({ tuning: { heartbeatMs: 6_000 } });
  await hub.manager({ userId: 'alice' }).emitAll(Array.from({ length: 50 }, () => note('x'.repeat(300))));
  const link = SlowLink.open(clock, 1_000, (it) => hub.accept(it, { authentication: { userId: 'alice' } }));
  link.say({ type: 'hello', from: 'earliest', batch: true });
  await clock.advance(60_000);
  expect(framesIn(link.received).at(-1)).toMatchObject({ offset: 50 });
  expect(link.longestSilenceMs).toBeLessThan(2_600);
});
