import { describe, expect, test } from 'vitest';
import { placeOf, readAddress } from '../src/nats-url.ts';
import { resolveOptions, type NatsLogOptions } from '../src/options.ts';

describe('options', () => {
  test.each<[string, NatsLogOptions]>([
    ['either url or connection', {}],
    ['url must look like', { url: 'localhost:4222' }],
    ['url must look like', { url: 'http://localhost' }],
    ['url must look like', { url: 'nats://user:secret@host/stream' }],
    ['url must look like', { url: 'nats://a,http://b' }],
    ["no parameter 'stream' in the URL of a NATS log", { url: 'nats://h?stream=x' }],
    ['prefix', { url: 'nats://h', prefix: 'A.b' }],
    ['prefix', { url: 'nats://h?prefix=' }],
    ['replicas', { url: 'nats://h', replicas: 2 }],
    ['replicas', { url: 'nats://h?replicas=many' }],
    ['domain', { url: 'nats://h?domain=a.b' }],
    ['on_restart', { url: 'nats://h?on_restart=never' }],
    ['replicas twice', { url: 'nats://h?replicas=1&replicas=3' }],
    ['did you mean replicas?', { url: 'nats://h?replica=3' }],
    ['check_interval_ms', { url: 'nats://h?check_interval_ms=0' }],
    ['write %3F', { url: 'nats://to?secret@h' }],
    ['commandTimeoutMs', { url: 'nats://h', commandTimeoutMs: 0 }],
    ['checkIntervalMs', { url: 'nats://h', checkIntervalMs: Infinity }],
    ['maxIndexedEvents', { url: 'nats://h', maxIndexedEvents: NaN }],
  ])('what makes no sense is refused by name: %s', (name, options) => {
    expect(() => resolveOptions(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
    expect(() => resolveOptions(options)).toThrow(name);
    expect(() => resolveOptions(options)).not.toThrow('secret');
  });

  test('settings may stand in the URL; what is said beside it counts more', () => {
    const url = 'nats://h?replicas=3&prefix=chat&domain=edge&on_restart=keep';
    expect(resolveOptions({ url })).toMatchObject({ replicas: 3, prefix: 'chat', domain: 'edge', onRestart: 'keep' });
    const times = 'command_timeout_ms=1&check_interval_ms=2&max_indexed_events=0';
    const inUrl = { commandTimeoutMs: 1, checkIntervalMs: 2, maxIndexedEvents: 0 };
    expect(resolveOptions({ url: `nats://h?${times}` })).toMatchObject(inUrl);
    expect(resolveOptions({ url, replicas: 5 })).toMatchObject({ replicas: 5, prefix: 'chat' });
  });
});

describe('addresses', () => {
  test.each([
    ['nats://h', ['h:4222'], {}],
    ['tls://h:1', ['h:1'], { tls: true }],
    ['nats://user:p%40ss@h', ['h:4222'], { user: 'user', password: 'p@ss', token: undefined }],
    ['nats://t0ken@h', ['h:4222'], { user: undefined, password: undefined, token: 't0ken' }],
    ['nats://u:p@a:1,b:2,nats://c', ['a:1', 'b:2', 'c:4222'], { user: 'u' }],
    ['nats://[::1]:4223', ['[::1]:4223'], {}],
  ])('%s', (url, servers, rest) => {
    expect(readAddress(url)).toMatchObject({ servers, ...rest });
  });

  test('an address is shown without who knocks', () => {
    expect(placeOf(readAddress('tls://user:secret@h:1,i:2?replicas=3'))).toBe('tls://h:1,i:2');
  });
});
