import { describe, expect, it } from 'vitest';
import { EventCheck } from '../../src/load/event-check.ts';
import { Tally } from '../../src/load/tally.ts';
import { monotonicMicros } from '../../src/monotonic.ts';

function take(...texts: readonly string[]): { readonly tally: Tally; readonly check: EventCheck } {
  const tally = new Tally();
  tally.stamped = true;
  const check = new EventCheck(tally);
  for (const text of texts) {
    const bytes = Buffer.from(`…${text}`);
    check.take(bytes, 3, bytes.length);
  }
  return { tally, check };
}

describe('EventCheck', () => {
  it('counts events in order', () => {
    const { tally, check } = take('{"offset":7,"type":"a"}', '{"offset":8,"type":"a"}');
    expect(tally).toMatchObject({ events: 2, frames: 2, missed: 0, repeated: 0 });
    expect(check.last).toBe(8);
  });

  it('counts a joined frame as the events it is made of', () => {
    const { tally } = take('{"offset":7,"type":"a"}', '{"offset":10,"prev":7,"merged":3,"type":"a"}');
    expect(tally).toMatchObject({ events: 4, frames: 2, missed: 0 });
  });

  it('sees what is missing and what is repeated', () => {
    const { tally, check } = take(
      '{"offset":1,"t":0}',
      '{"offset":4,"t":0}',
      '{"offset":4,"t":0}',
      '{"offset":9,"prev":6}',
    );
    expect(tally).toMatchObject({ missed: 2 + 2, repeated: 1 });
    expect(check.missed).toBe(4);
  });

  it('times an event by the stamp in its delta', () => {
    const sent = (monotonicMicros() - 5_000).toFixed(0).padStart(16, '0');
    const { tally } = take(`{"offset":1,"payload":{"delta":"text@${sent}@"}}`);
    const { count, p50 } = tally.takeLatency();
    expect(count).toBe(1);
    expect(p50).toBeGreaterThanOrEqual(4_900);
    expect(tally.takeLatency().count).toBe(0);
  });
});
