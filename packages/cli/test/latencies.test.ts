import { expect, it } from 'vitest';
import { Latencies } from '../src/load/latencies.ts';
import { histogramLines } from '../src/load/report.ts';

it('counts every latency in its row, and knows percentiles', () => {
  const latencies = new Latencies();
  for (let ms = 1; ms <= 100; ms += 1) latencies.record(ms);
  expect(latencies.rows().map(({ to, count }) => [to, count])).toEqual([
    [1, 1],
    [2, 1],
    [5, 3],
    [10, 5],
    [20, 10],
    [50, 30],
    [100, 50],
  ]);
  expect(latencies.percentile(50)).toBeCloseTo(50, 0);
  expect(latencies.percentile(100)).toBeCloseTo(100, 0);
  const lines = histogramLines(latencies.rows());
  expect(lines.at(-1)).toMatch(/^ {5}50 to 100 ms {2}█{40} {2}50$/);
  expect(lines.at(-2)).toMatch(/█{24} {18}30$/);
});

it('has no rows of nothing', () => {
  expect(new Latencies().rows()).toEqual([]);
});
