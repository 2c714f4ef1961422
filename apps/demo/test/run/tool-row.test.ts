import { expect, it } from 'vitest';
import { compactArguments, summarizeResult } from '../../src/run/tool-row.tsx';

it('says arguments on one line', () => {
  expect(compactArguments({ query: 'factory', limit: 20 })).toBe('query: "factory", limit: 20');
  expect(compactArguments(['a'])).toBe('["a"]');
  expect(compactArguments(null)).toBe('');
});

it('says what came out of a tool in a few words', () => {
  expect(summarizeResult({ files_searched: 9, matches: [1, 2], truncated: false })).toBe('2 matches');
  expect(summarizeResult({ path: 'a.ts', text: 'one\ntwo\n' })).toBe('2 lines');
  expect(summarizeResult({ path: 'a.ts', blank_lines: 1_400 })).toBe('1,400 blank lines');
  expect(summarizeResult(['a'])).toBe('1 item');
  expect(summarizeResult({ path: 'a.ts' })).toBe('');
  expect(summarizeResult('x'.repeat(80))).toHaveLength(60);
  expect(summarizeResult(undefined)).toBe('');
});
