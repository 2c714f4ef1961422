import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../src/log.ts';
import { TailRing } from '../../src/stream/fan-out.ts';
import { logEvent } from '../support/log-events.ts';

function ringOf(count: number, limits: { maxEvents?: number; maxChars?: number } = {}): TailRing {
  const ring = new TailRing(0, { maxEvents: 10, maxChars: 1_000_000, ...limits });
  for (let offset = 1; offset <= count; offset += 1) ring.push(logEvent(offset, { type: 'note' }));
  return ring;
}

const offsetsAfter = (ring: TailRing, offset: number, limit = 100): number[] | undefined =>
  ring.after(offset, limit)?.map(({ offset }) => offset);

describe('the tail ring', () => {
  it('serves cursors that stand in it, and tells those before it to read the log', () => {
    const ring = ringOf(25);
    expect(ring.size).toBe(10);
    expect(offsetsAfter(ring, 14)).toBeUndefined();
    expect(offsetsAfter(ring, 15)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(offsetsAfter(ring, 22, 2)).toEqual([23, 24]);
    expect(offsetsAfter(ring, 25)).toEqual([]);
  });

  it('holds to its limit of characters, but never less than the newest event', () => {
    const one = logEvent(1, { type: 'note' }).data.length;
    expect(ringOf(9, { maxChars: 3 * one }).size).toBe(3);
    expect(ringOf(9, { maxChars: 1 }).size).toBe(1);
  });

  it('begins anew at another head', () => {
    const ring = ringOf(5);
    ring.clear(7);
    expect(ring.size).toBe(0);
    expect(offsetsAfter(ring, 6)).toBeUndefined();
    expect(offsetsAfter(ring, 7)).toEqual([]);
  });

  it('serves streams whose numbers have holes', () => {
    const ring = new TailRing(0, { maxEvents: 3, maxChars: 1_000_000 });
    for (const offset of [10, 20, 30, 40]) ring.push(logEvent(offset, { type: 'note' }));
    expect(offsetsAfter(ring, 9)).toBeUndefined();
    expect(offsetsAfter(ring, 10)).toEqual([20, 30, 40]);
    expect(offsetsAfter(ring, 25)).toEqual([30, 40]);
  });

  it('looks at one event to find the place of a cursor, where the numbers have no holes', () => {
    const ring = new TailRing(0, { maxEvents: 500, maxChars: 1_000_000 });
    let looks = 0;
    for (let offset = 1; offset <= 600; offset += 1) {
      const watched = Object.defineProperty(logEvent(offset, { type: 'note' }), 'offset', {
        get: () => {
          looks += 1;
          return offset;
        },
      });
      ring.push(watched);
    }
    looks = 0;
    const found = [100, 101, 350, 599].map((offset) => ring.after(offset, 1)?.[0]);
    expect(looks).toBe(4);
    expect(found.map((event) => event?.offset)).toEqual([101, 102, 351, 600]);
  });

  it('serves a cursor that stands in a hole', () => {
    const ring = ringOf(3);
    for (const offset of [6, 7]) ring.push(logEvent(offset, { type: 'note' }));
    expect([3, 4, 5, 6].map((offset) => offsetsAfter(ring, offset))).toEqual([[6, 7], [6, 7], [6, 7], [7]]);
  });

  it('is the end of the list of everything pushed, for any limits', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 12 }), fc.nat(60), (count, maxEvents, from) => {
        const ring = ringOf(count, { maxEvents });
        const kept = Math.min(count, maxEvents);
        const expected = from < count - kept ? undefined : all(count).filter((offset) => offset > from);
        expect(offsetsAfter(ring, from)).toEqual(expected);
      }),
    );
  });

  it('lets the memory of dropped events go', async () => {
    const ring = new TailRing(0, { maxEvents: 512, maxChars: 2_000 });
    const big = 'x'.repeat(1_500);
    const refs: WeakRef<LogEvent>[] = [];
    for (let offset = 1; offset <= 100; offset += 1) {
      const event = logEvent(offset, { type: 'note', payload: { big } });
      refs.push(new WeakRef(event));
      ring.push(event);
    }
    await collectGarbage();
    expect(ring.size).toBe(1);
    expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  });
});

function all(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // A WeakRef keeps its target until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  gc();
}
