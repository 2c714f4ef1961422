import { describe, expect, it, vi } from 'vitest';
import { ERROR_CODES, isWebSocketError, WebSocketError } from '../src/index.ts';

describe('the error class', () => {
  it('carries code, details and cause', () => {
    const cause = new Error('below');
    const error = new WebSocketError('RATE_LIMITED', 'slow down', { cause, details: { limit: 5 } });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'WebSocketError',
      code: 'RATE_LIMITED',
      message: 'slow down',
      details: { limit: 5 },
      cause,
    });
    expect('cause' in new WebSocketError('INTERNAL', 'x')).toBe(false);
  });

  it('says whether a retry helps', () => {
    expect(new WebSocketError('RATE_LIMITED', '').retryable).toBe(true);
    expect(new WebSocketError('RUN_NOT_OPEN', '').retryable).toBe(false);
  });

  it('is known across two copies of the package', async () => {
    vi.resetModules();
    const copy = await import('../src/errors.ts');
    const foreign = new copy.WebSocketError('INTERNAL', 'from the other copy');
    expect(foreign).not.toBeInstanceOf(WebSocketError);
    expect(isWebSocketError(foreign)).toBe(true);
    expect(copy.isWebSocketError(new WebSocketError('INTERNAL', 'x'))).toBe(true);
  });

  it.each([new Error('x'), { code: 'INTERNAL' }, null, undefined, 'INTERNAL'])('is not %s', (value) => {
    expect(isWebSocketError(value)).toBe(false);
  });
});

describe('error codes', () => {
  it('have a sentence, and an HTTP status that fits whether a retry helps', () => {
    for (const [code, { meaning, status, retry }] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(meaning).toMatch(/\.$|cause\.$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      if (status === 429) expect([code, retry]).toEqual([code, true]);
    }
  });
});
