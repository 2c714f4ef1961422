import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient } from '../src/create-client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import { resolveUrl } from '../src/url.ts';

describe('options', () => {
  it.each<[string, Partial<ClientOptions>]>([
    ['url', { url: 'not an address' }],
    ['url', { url: '/relative' }],
    ['url', { url: 'ftp://server/ws' }],
    ['url', { url: 7 as never }],
    ['token', { token: '' }],
    ['from', { from: { epoch: '', offset: 1 } }],
    ['from', { from: 'newest' as never }],
    ['resume', { resume: 'oldest' } as never],
    ['threads', { threads: [] }],
    ['threads', { threads: ['with space'] }],
    ['backoff.minMs', { backoff: { minMs: 0 } }],
    ['backoff.maxMs', { backoff: { minMs: 100, maxMs: 50 } }],
    ['backoff.factor', { backoff: { factor: 0.5 } }],
    ['events.state', { events: { state: {} as never } }],
    ['bufferSize', { bufferSize: 0 }],
    ['ackIntervalMs', { ackIntervalMs: NaN }],
    ['requestTimeoutMs', { requestTimeoutMs: -1 }],
    ['connectTimeoutMs', { connectTimeoutMs: Infinity }],
  ])('refuses a wrong %s', (option, options) => {
    const create = () => createClient({ url: 'ws://server/ws', ...options });
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(create).toThrow(option);
  });

  it('says what to do where the platform has no WebSocket', () => {
    vi.stubGlobal('WebSocket', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(() => createClient({ url: 'ws://server/ws' })).toThrow('WebSocket');
  });
});

describe('resolveUrl', () => {
  it.each([
    ['ws://a/ws', undefined, 'ws://a/ws'],
    ['https://a/ws?x=1#y', undefined, 'wss://a/ws?x=1'],
    ['/ws', 'http://127.0.0.1:8080/page', 'ws://127.0.0.1:8080/ws'],
    ['ws', 'https://a.example/app/', 'wss://a.example/app/ws'],
    ['//b/ws', 'https://a/', 'wss://b/ws'],
  ])('makes of %s on %s: %s', (url, base, expected) => {
    expect(resolveUrl(url, base)).toBe(expected);
  });
});
