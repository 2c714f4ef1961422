import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, shouldReconnect } from '../src/index.ts';

describe('close codes', () => {
  it('of the table say for themselves whether to reconnect', () => {
    for (const { code, reconnect } of Object.values(CLOSE_CODES))
      expect([code, shouldReconnect(code)]).toEqual([code, reconnect]);
  });

  it('of 4000 to 4999 carry the rule in their range, also those in the table', () => {
    for (let code = 4_000; code < 5_000; code += 1) expect([code, shouldReconnect(code)]).toEqual([code, code < 4_500]);
  });

  it('that say that the network went away reconnect', () => {
    expect([1005, 1006, 1011, 1014].map(shouldReconnect)).toEqual([true, true, true, true]);
  });

  it('are each used once', () => {
    const codes = Object.values(CLOSE_CODES).map(({ code }) => code);
    expect(new Set<number>(codes).size).toBe(codes.length);
  });
});
