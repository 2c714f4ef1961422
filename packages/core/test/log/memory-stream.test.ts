import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStream } from '../../src/log/memory-stream.ts';
import { logEvent } from '../support/log-events.ts';

const KEEP = { maxEvents: 1_000, maxBytes: 1_000_000, maxAgeMs: 1_000_000 };

function streamOf(count: number): MemoryStream {
  const stream = new MemoryStream();
  for (let i = 1; i <= count; i += 1) stream.append(logEvent(i, { type: 'note' }));
  return stream;
}

const offsets = (stream: MemoryStream, after: number, limit = 100): number[] =>
  stream.after(after, limit).map(({ offset }) => offset);

describe('a stream in memory', () => {
  it('numbers events from 1, and finds them by id', () => {
    const stream = streamOf(3);
    const { eventId } = logEvent(2, { type: 'note' });
    expect([stream.oldest, stream.head, stream.offsetOf(eventId)]).toEqual([1, 3, 2]);
    expect(offsets(stream, 1)).toEqual([2, 3]);
    expect(offsets(stream, 0, 2)).toEqual([1, 2]);
    expect(offsets(stream, 3)).toEqual([]);
  });

  it('finds by id what came after it was asked for one, and nothing that was let go', () => {
    const stream = streamOf(3);
    const idOf = (offset: number) => logEvent(offset, { type: 'note' }).eventId;
    expect(stream.offsetOf(idOf(3))).toBe(3);
    for (const offset of [4, 5, 6]) stream.append(logEvent(offset, { type: 'note' }));
    stream.trim(4, 'fold');
    expect([1, 2, 3, 4, 5, 6].map((offset) => stream.offsetOf(idOf(offset)))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      5,
      6,
    ]);
  });

  it('lets go by count, by bytes and by age, whichever asks for more', () => {
    const stream = streamOf(10);
    const now = 1_790_000_000_000 + 10;
    const { length } = logEvent(1, { type: 'note' }).data;
    expect(stream.trimmable(KEEP, now)).toBe(0);
    expect(stream.trimmable({ ...KEEP, maxEvents: 4 }, now)).toBe(6);
    expect(stream.trimmable({ ...KEEP, maxBytes: 3 * length + 5 }, now)).toBe(7);
    expect(stream.trimmable({ ...KEEP, maxAgeMs: 5 }, now)).toBe(5);
    expect(stream.trimmable({ maxEvents: 4, maxBytes: KEEP.maxBytes, maxAgeMs: 2 }, now)).toBe(8);
    expect(stream.trimmable({ ...KEEP, maxAgeMs: 1 }, now + 100)).toBe(10);
  });

  it('keeps its numbers when it is trimmed, and forgets the ids', () => {
    const stream = streamOf(5);
    stream.trim(3, 'fold');
    expect([stream.oldest, stream.head, stream.checkpoint]).toEqual([4, 5, 'fold']);
    expect(stream.offsetOf(logEvent(3, { type: 'note' }).eventId)).toBeUndefined();
    expect(offsets(stream, 0)).toEqual([4, 5]);
    stream.trim(2, 'an older fold');
    expect([stream.oldest, stream.checkpoint]).toEqual([4, 'fold']);
    stream.trim(5, 'all');
    expect([stream.oldest, stream.head]).toEqual([6, 5]);
    expect(stream.append(logEvent(99, { type: 'note' })).offset).toBe(6);
  });

  it('holds what the policy asks for after each trim, for any policy', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 200, max: 3_000 }),
        (sizes, maxEvents, maxBytes) => {
          const stream = new MemoryStream();
          sizes.forEach((size, i) => {
            stream.append(logEvent(i + 1, { type: 'note', payload: { text: 'x'.repeat(size) } }));
            stream.trim(stream.trimmable({ ...KEEP, maxEvents, maxBytes }, 1_790_000_000_000), '');
            const kept = stream.after(0, 1_000);
            expect(kept.length).toBeLessThanOrEqual(maxEvents);
            expect(kept.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(maxBytes);
            expect(stream.head).toBe(i + 1);
          });
        },
      ),
    );
  });
});
