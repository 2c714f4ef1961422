import { describe, expect, test } from 'vitest';
import { readUrlParameters } from '../../src/log.ts';

const KNOWN = {
  level: ['full', 'normal'],
  replicas: [1, 3],
  wait_ms: { min: 0, max: 1_000 },
  prefix: 'text',
} as const;
const read = (query: string) => readUrlParameters('Test', query, KNOWN);

describe('parameters of the URL of a log', () => {
  test('are values of the kind that the log declares', () => {
    const query = 'level=normal&replicas=3&wait_ms=250&prefix=a%3Fb';
    expect(read(query)).toEqual({ level: 'normal', replicas: 3, wait_ms: 250, prefix: 'a?b' });
    expect(read('')).toEqual({});
  });

  test.each([
    [
      'an unknown one',
      'colour=red',
      "no parameter 'colour' in the URL of a Test log: (there are level, replicas, wait_ms, prefix)",
    ],
    ['a mistyped one', 'levle=full', 'did you mean level?'],
    ['one of Object', 'constructor=x', "no parameter 'constructor'"],
    ['one in camel case', 'waitMs=1', 'did you mean wait_ms?'],
    ['another case', 'LEVEL=full', 'did you mean level?'],
    ['one given twice', 'level=full&level=full', 'the parameter level twice'],
    ['a wrong word', 'level=off', "level must be full or normal, got 'off'"],
    ['no value', 'level', "level must be full or normal, got ''"],
    ['a wrong number', 'replicas=2', "replicas must be 1 or 3, got '2'"],
    ['above the range', 'wait_ms=1001', 'wait_ms must be a whole number from 0 to 1000'],
    ['no number', 'wait_ms=1e2', "got '1e2'"],
    ['no number at all', 'wait_ms=', "got ''"],
  ])('%s is refused by name', (_what, query, message) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
    expect(() => read(query)).toThrow(message);
  });

  test("what follows a '?' in a password is not shown", () => {
    expect(() => read('secret@host')).toThrow('write %3F');
    expect(() => read('secret@host')).not.toThrow('secret');
  });
});
