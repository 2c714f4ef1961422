import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observe/logger.ts';
import { withoutSecrets } from '../../src/observe/without-secrets.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger('trace', { write: (line) => (text += line) }));
  return text;
}

describe('the log', () => {
  it('is JSON, one line for each entry, errors with their stack', () => {
    const text = logged((logger) => {
      logger.info({ userId: 'alice' }, 'hello');
      logger.error({ err: new Error('broken') }, 'sorry');
    });
    const [first, second] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({ level: 30, userId: 'alice', msg: 'hello' });
    expect(second).toMatchObject({ level: 50, err: { type: 'Error', message: 'broken' } });
  });

  it.each<[string, object]>([
    ['a token', { token: 'hush-1' }],
    ['a nested ticket', { request: { ticket: 'hush-1' } }],
    ['a header', { headers: { authorization: 'hush-1' } }],
    ['the offered subprotocols of a request', { req: { headers: { 'sec-websocket-protocol': 'hush-1' } } }],
    ['an API key', { settings: { apiKey: 'hush-1' } }],
  ])('leaves out %s by the name of its field', (_name, fields) => {
    const text = logged((logger) => logger.info(fields, 'hello'));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hush');
  });

  it('leaves out what looks like a secret in an error that quotes it', () => {
    const text = logged((logger) =>
      logger.error({ err: new Error(`connect rediss://app:hush-1@redis.internal:6379 with ${JWT}`) }, `Bearer ${JWT}`),
    );
    expect(text).toContain('rediss://[redacted]@redis.internal:6379');
    expect(text).not.toMatch(/hush|eyJ/);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe('what looks like a secret', () => {
  it.each([
    [`token ${JWT} was refused`, 'token [redacted] was refused'],
    ['GET /ws?ticket=abc123&batch=1', 'GET /ws?ticket=[redacted]&batch=1'],
    ['authorization: Bearer abc.def', 'authorization: Bearer [redacted]'],
    ['redis://:hush@localhost/0', 'redis://[redacted]@localhost/0'],
    ['redis://localhost:6379/0', 'redis://localhost:6379/0'],
    ['the eyJ of a beholder', 'the eyJ of a beholder'],
    ['mail to a@b.example', 'mail to a@b.example'],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });

  /** Processor time for texts of one length that are as long as others together: what else the machine does is not in it. */
  function workOf(text: string, times: number): number {
    const before = process.cpuUsage();
    for (let n = 0; n < times; n += 1) withoutSecrets(text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  it.each(['a', 'A', '1', '-', '.', 'eyJ', 'eyJ-', 'eyJaaaa.', 'ticket=', 'Bearer ', ':', '://', 'a:', 'a@'])(
    'is found with work that grows as the text does, also in %j again and again',
    (unit) => {
      const text = (length: number): string => unit.repeat(length / unit.length);
      withoutSecrets(text(2_000));
      // Sixteen times as long, and as much in all: quadratic work would be sixteen times as much.
      const tries = Array.from({ length: 5 }, () => workOf(text(32_000), 10) / workOf(text(2_000), 160));
      expect(Math.min(...tries)).toBeLessThan(6);
    },
  );
});
