import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/api/server-state.ts';
import { formatBytes, formatNumber } from '../../src/overview/format-number.ts';
import { levels, rates } from '../../src/overview/series.ts';

const sample = (at: number, appended: number): Sample => ({
  at,
  appended,
  ...{ connections: 3, users: 2, open_runs: 1, max_behind: 0, buffered_bytes: 0, held_events: 0 },
  ...{ delivered: 0, refused: 0, lagged: 0, event_loop_lag_ms: 0, heap_used_bytes: 0, rss_bytes: 0 },
});

describe('rates', () => {
  it('are what a counter grew by in a second', () => {
    const samples = [sample(0, 10), sample(5_000, 60), sample(10_000, 60)];
    expect(rates(samples, 'appended')).toEqual([
      { at: 5_000, value: 10 },
      { at: 10_000, value: 0 },
    ]);
  });

  it('of a counter that begins anew are not below nothing, and two looks at once say nothing', () => {
    const samples = [sample(0, 100), sample(5_000, 10), sample(5_100, 500)];
    expect(rates(samples, 'appended')).toEqual([{ at: 5_000, value: 0 }]);
  });
});

it('levels are as they were', () => {
  expect(levels([sample(1, 0)], 'connections')).toEqual([{ at: 1, value: 3 }]);
});

it.each([
  [0, '0'],
  [3.44, '3.4'],
  [12.3, '12'],
  [12_345, '12,345'],
])('%d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [0, '0 B'],
  [1_023, '1,023 B'],
  [1_536, '1.5 KiB'],
  [170 * 1024 ** 2, '170 MiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
