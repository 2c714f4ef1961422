import { describe, expect, test } from 'vitest';
import { resolveOptions, type RedisLogOptions } from '../src/options.ts';
import { placeOf } from '../src/redis-url.ts';

describe('options', () => {
  test.each<[string, RedisLogOptions]>([
    ['either url or client', {}],
    ['url must look like', { url: 'localhost:6379' }],
    ['url must look like', { url: 'http://localhost' }],
    ['url must look like', { url: 'redis://user:secret@host/name' }],
    ['did you mean key_prefix?', { url: 'redis://:secret@h?keyPrefix=a' }],
    ["no parameter 'db' in the URL of a Redis log", { url: 'redis://:secret@h?db=1' }],
    ['on_restart must be auto or keep or renew', { url: 'redis://h?on_restart=never' }],
    ['command_timeout_ms must be a whole number', { url: 'redis://h?command_timeout_ms=3s' }],
    ['stream_ttl_ms twice', { url: 'redis://h?stream_ttl_ms=1&stream_ttl_ms=2' }],
    ['keyPrefix', { url: 'redis://h?key_prefix={a}' }],
    ['url must look like', { url: 'redis://h#x' }],
    ['write %3F', { url: 'redis://u:12?secret@h' }],
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

  test('options may stand in the URL; what is said beside it counts more', () => {
    const url = 'redis://h/1?key_prefix=a:&command_timeout_ms=1&check_interval_ms=2&on_restart=keep&stream_ttl_ms=3';
    const inUrl = { keyPrefix: 'a:', commandTimeoutMs: 1, checkIntervalMs: 2, onRestart: 'keep', streamTtlMs: 3 };
    expect(resolveOptions({ url })).toMatchObject(inUrl);
    expect(resolveOptions({ url, keyPrefix: 'b:' })).toMatchObject({ ...inUrl, keyPrefix: 'b:' });
    // The client of Redis is given the address alone.
    expect(resolveOptions({ url }).source).toMatchObject({ url: new URL('redis://h/1') });
    expect(resolveOptions({ url }).source).toHaveProperty('url.href', 'redis://h/1');
  });

  test('an address is shown without who knocks', () => {
    expect(placeOf(new URL('rediss://user:secret@host:6380/3'))).toBe('rediss://host:6380/3');
    expect(placeOf(new URL('redis://host/'))).toBe('redis://host');
  });
});
