import { expect, it } from 'vitest';
import { asSentence } from '../src/parts/as-sentence.ts';
import { formatAgo } from '../src/parts/format-time.ts';
import { formatDuration } from '../src/parts/format-duration.ts';

it('says durations as one reads them', () => {
  expect([840.4, 3_240, 59_940, 59_960, 64_000].map(formatDuration)).toEqual([
    '840 ms',
    '3.2 s',
    '59.9 s',
    '1 min 00 s',
    '1 min 04 s',
  ]);
});

it('says how long ago something was, also by a clock that is ahead', () => {
  expect(formatAgo(1_000, 2_000)).toBe('now');
  expect(formatAgo(9_000, 2_000)).toBe('now');
  expect(formatAgo(0, 5 * 60_000)).toBe('5 min');
});

it('says a reason as a sentence', () => {
  const reasons = ['the agent stopped responding', 'no model (401)', 'Stop!', 'über alle Grenzen', ''];
  expect(reasons.map(asSentence)).toEqual([
    'The agent stopped responding.',
    'No model (401).',
    'Stop!',
    'Über alle Grenzen.',
    '',
  ]);
});
