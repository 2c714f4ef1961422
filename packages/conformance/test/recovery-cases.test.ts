import { expect, it } from 'vitest';
import { eventLogCases } from '../src/index.ts';

/** What a reader may find that comes back: every log has to pass each of these. */
const CASES = [
  'empty log',
  'exact position',
  'some missed',
  'more missed than a page',
  'position trimmed away',
  'position ahead of the log',
  'wrong epoch',
  'no position',
  'expired log',
  'append during read',
  'two appends at once',
  'restart between append and read',
];

it.each(CASES)('has a case of recovery: %s', (name) => {
  const names = eventLogCases().flatMap((each) => (each.topic === 'recovery' ? each.name : []));
  expect(names.filter((each) => each.startsWith(name)).length).toBeGreaterThan(0);
});
