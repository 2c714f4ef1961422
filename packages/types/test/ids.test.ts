import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isId,
  isUserId,
  toConnectionId,
  toEventId,
  toMessageId,
  toRunId,
  toThreadId,
  toToolCallId,
  toUserId,
} from '../src/index.ts';

const GOOD = ['a', '0', 'user@example.com', 'run-m1', 'auth0|5f7c', 'ü', '用户', '😀', 'a"b\\c', 'x'.repeat(128)];
const BAD: [string, unknown][] = [
  ['empty', ''],
  ['too long', 'x'.repeat(129)],
  ['a blank', 'a b'],
  ['a line break', 'a\n'],
  ['a tab', '\ta'],
  ['a no-break space', 'a\u00a0b'],
  ['a line separator', 'a\u2028b'],
  ['NUL', 'a\u0000'],
  ['a control character', 'a\u009f'],
  ['a zero-width space', 'a\u200b'],
  ['a right-to-left mark', '\u202ea'],
  ['a soft hyphen', 'a\u00adb'],
  ['a byte order mark', '\ufeffa'],
  ['a lone high surrogate', 'a\ud83d'],
  ['a lone low surrogate', '\ude00a'],
  ['a private character', '\ue000'],
  ['a number', 7],
  ['null', null],
  ['nothing', undefined],
  ['an object', { toString: () => 'a' }],
];
const CONSTRUCTORS = { toThreadId, toRunId, toEventId, toToolCallId, toMessageId, toConnectionId };

describe('an id', () => {
  it.each(GOOD)('may be %s', (id) => {
    expect(isId(id)).toBe(true);
    expect(toUserId(id)).toBe(id);
  });

  it.each(BAD)('may not be %s', (_name, id) => {
    expect(isId(id)).toBe(false);
    expect(() => toUserId(id as string)).toThrow(expect.objectContaining({ code: 'INVALID_USER_ID' }));
    for (const construct of Object.values(CONSTRUCTORS)) {
      expect(() => construct(id as string)).toThrow(expect.objectContaining({ code: 'INVALID_ID' }));
    }
  });

  it.each(['.', '..'])('of a user may not be %s, which no HTTP client leaves in a path', (id) => {
    const refusal = { code: 'INVALID_USER_ID', message: expect.stringContaining(`got '${id}'`) as string };
    expect(isUserId(id)).toBe(false);
    expect(() => toUserId(id)).toThrow(expect.objectContaining(refusal));
    for (const written of [id, encodeURIComponent(id), id.replaceAll('.', '%2e')]) {
      expect(new URL(`/v1/users/${written}/events`, 'http://server').pathname).not.toContain('/users/.');
    }
    // In every other id they harm nothing.
    expect(toThreadId(id)).toBe(id);
    expect(['...', 'a.', '.a', '%2e', '%2e%2e', 'a/../b'].every(isUserId)).toBe(true);
  });

  it('that is refused is not repeated in the message', () => {
    expect(() => toRunId('secret value')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') as string }),
    );
  });

  it('holds no white space and survives JSON and UTF-8, for any accepted string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (text) => {
        if (!isId(text)) return;
        expect(text).not.toMatch(/\s/);
        expect(new TextDecoder().decode(new TextEncoder().encode(text))).toBe(text);
        expect(JSON.parse(JSON.stringify(text))).toBe(text);
      }),
    );
  });
});
