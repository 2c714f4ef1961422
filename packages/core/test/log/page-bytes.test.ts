import { describe, expect, it } from 'vitest';
import { withinBytes } from '../../src/log/page-bytes.ts';
import { logEvent } from '../support/log-events.ts';

describe('the events that fit into a number of bytes', () => {
  /** What is reckoned for `offset`, `prev` and `merged` in front of an event. */
  const HEAD_BYTES = 80;
  const events = Array.from({ length: 10 }, (_, index) =>
    logEvent(index + 1, { type: 'note', payload: { text: '漢字' } }),
  );
  const bytesOf = (count: number): number =>
    events.slice(0, count).reduce((sum, { data }) => sum + Buffer.byteLength(data) + HEAD_BYTES, 0);

  it.each([
    ['all, with room to spare', 100_000, 10],
    ['all, to the byte', bytesOf(10), 10],
    ['all but one, where a byte is missing', bytesOf(10) - 1, 9],
    ['some, to the byte', bytesOf(4), 4],
    ['some', bytesOf(5) - 1, 4],
    ['one, also where it does not fit', 10, 1],
  ])('are %s', (_what, bytes, count) => {
    expect(withinBytes(events, bytes)).toEqual(events.slice(0, count));
  });
});
