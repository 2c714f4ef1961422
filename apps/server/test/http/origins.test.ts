import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/service.ts';
import { isLoopback } from '../../src/settings/loopback.ts';
import { writeSelfSigned } from '../support/self-signed.ts';
import { openService } from '../support/service.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { PRODUCTION } from '../support/tokens.ts';

/** A page's request, or what a proxy makes of it. */
interface PageRequest {
  readonly host: string;
  readonly origin: string;
  readonly 'x-forwarded-proto'?: string;
}

/** Without a credential: a page that may ask is told that one is missing, any other that it may not. */
async function isTaken(service: Service, headers: PageRequest): Promise<boolean> {
  const { protocol } = new URL(service.url);
  const options = { headers: { ...headers }, rejectUnauthorized: false };
  const asking = (protocol === 'https:' ? requestHttps : requestHttp)(`${service.url}/v1/events`, options).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  expect(text).toMatch(/CREDENTIAL_MISSING|ORIGIN_NOT_ALLOWED/);
  return text.includes('CREDENTIAL_MISSING');
}

const folder = makeTempFolder();
const services: Service[] = [];
let plain: Service;
let tls: Service;
let behindProxy: Service;
let listed: Service;

beforeAll(async () => {
  const files = await writeSelfSigned(folder.path);
  plain = await openService(PRODUCTION);
  tls = await openService({ ...PRODUCTION, WS_TLS_CERT: files.certFile, WS_TLS_KEY: files.keyFile });
  behindProxy = await openService({ ...PRODUCTION, WS_TRUSTED_PROXIES: 'loopback' });
  listed = await openService({
    ...PRODUCTION,
    WS_ALLOWED_ORIGINS: 'https://*.example.com,https://other.test:8443',
  });
  services.push(plain, tls, behindProxy, listed);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.close(0)));
  folder[Symbol.dispose]();
});

describe("the server's own origin", () => {
  it.each([
    ['app.example.com:443', 'https://app.example.com'],
    ['app.example.com:80', 'http://app.example.com'],
    ['APP.example.com', 'https://app.example.com'],
    ['app.example.com:8443', 'https://app.example.com:8443'],
    ['[::1]:8080', 'http://[::1]:8080'],
  ])('Host %s takes pages of %s', async (host, origin) => {
    expect(await isTaken(plain, { host, origin })).toBe(true);
  });

  it.each([
    ['app.example.com', 'https://app.example.com:8443'],
    ['app.example.com:443', 'http://app.example.com'],
    ['app.example.com', 'https://evil.example.com'],
    ['app.example.com', 'null'],
    ['app.example.com', 'https://app.example.com.evil.test'],
  ])('Host %s takes no pages of %s', async (host, origin) => {
    expect(await isTaken(plain, { host, origin })).toBe(false);
  });

  it('has the scheme https where the service ends TLS itself', async () => {
    const host = 'app.example.com';
    expect(await isTaken(tls, { host, origin: 'https://app.example.com' })).toBe(true);
    expect(await isTaken(tls, { host, origin: 'http://app.example.com' })).toBe(false);
  });

  it('has the scheme that a trusted proxy says', async () => {
    const page = { host: 'app.example.com', origin: 'http://app.example.com' };
    expect(await isTaken(behindProxy, { ...page, 'x-forwarded-proto': 'https' })).toBe(false);
    expect(await isTaken(behindProxy, { ...page, 'x-forwarded-proto': 'http' })).toBe(true);
    expect(await isTaken(behindProxy, page)).toBe(true);
    // Whoever is not trusted says nothing about it.
    expect(await isTaken(plain, { ...page, 'x-forwarded-proto': 'https' })).toBe(true);
  });
});

describe('WS_ALLOWED_ORIGINS', () => {
  it.each([
    ['https://app.example.com', true],
    ['https://other.test:8443', true],
    ['https://example.com', false],
    ['https://a.b.example.com', false],
    ['https://appXexample.com', false],
    ['http://app.example.com', false],
    ['https://app.example.com:8443', false],
    ['https://app.example.com.evil.test', false],
  ])('with a star for one label: %s is taken: %s', async (origin, taken) => {
    expect(await isTaken(listed, { host: 'ws.test', origin })).toBe(taken);
  });

  it.each(['https://app.*.example.com', 'https://*', 'https://*.*.com', 'https://*example.com', '*.example.com'])(
    'refuses %s at the start',
    async (origin) => {
      await expect(openService({ ...PRODUCTION, WS_ALLOWED_ORIGINS: origin })).rejects.toThrow(/^WS_ALLOWED_ORIGINS /);
    },
  );
});

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
    'is %s',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'localhost.example.com', '127.example.com'])(
    'is not %s',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
