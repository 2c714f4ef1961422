import { describe, expect, test } from 'vitest';
import { resolveOptions, type RedisLogOptions } from '../src/options.ts';
import { placeOf } from '../src/redis-url.ts';

describe('options', () => {
  test.each<[string, RedisLogOptions]>([
    ['either url or client', {}],
    ['url must look like', { url: 'localhost:6379' }],
    ['url must look like', { url: 'http://localhost' }],
    ['url must look like', { url: 'redis://user:secret@host/name' }],
    ["no parameter 'keyPrefix'", { url: 'redis://:secret@h?keyPrefix=a' }],
    ['keyPrefix', { url: 'redis://h', keyPrefix: 'a{b}' }],
    ['commandTimeoutMs', { url: 'redis://h', commandTimeoutMs: 0 }],
    ['checkIntervalMs', { url: 'redis://h', checkIntervalMs: Infinity }],
    ['streamTtlMs', { url: 'redis://h', streamTtlMs: -1 }],
    ['newEpoch', { url: 'redis://h', newEpoch: 'two words' }],
    ['onRestart', { url: 'redis://h', onRestart: 'never' as 'keep' }],
  ])('what makes no sense is refused by name: %s', (name, options) => {
    expect(() => resolveOptions(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
    expect(() => resolveOptions(options)).toThrow(name);
    expect(() => resolveOptions(options)).not.toThrow('secret');
  });

  test('an address is shown without who knocks', () => {
    expect(placeOf(new URL('rediss://user:secret@host:6380/3'))).toBe('rediss://host:6380/3');
    expect(placeOf(new URL('redis://host/'))).toBe('redis://host');
  });
});
