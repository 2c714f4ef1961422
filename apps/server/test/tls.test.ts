import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { createClient } from '@ws/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../src/service.ts';
import { note } from './support/events.ts';
import { writeSelfSigned, type SelfSigned } from './support/self-signed.ts';
import { openService } from './support/service.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';
import { PRODUCTION, SECRET } from './support/tokens.ts';

let folder: TempFolder;
let files: SelfSigned;
beforeAll(async () => {
  folder = makeTempFolder();
  files = await writeSelfSigned(folder.path);
});
afterAll(() => folder[Symbol.dispose]());

async function openTls(): Promise<Service> {
  return openService({ ...PRODUCTION, WS_TLS_CERT: files.certFile, WS_TLS_KEY: files.keyFile });
}

async function ask(url: string, body?: object): Promise<{ status: number | undefined; text: string }> {
  const method = body === undefined ? 'GET' : 'POST';
  const headers = { authorization: `Bearer ${PRODUCTION.WS_API_KEY}`, 'content-type': 'application/json' };
  const asking = request(url, { ca: files.cert, method, headers });
  asking.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, text };
}

/** The fingerprint of the certificate that the server shows. */
async function shown(url: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint;
}

describe('TLS', () => {
  it('serves HTTP and WebSockets, events included', async () => {
    const service = await openTls();
    expect(service.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask(`${service.url}/readyz`)).status).toBe(200);
    const token = await new SignJWT({ sub: 'alice' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET));
    class TrustingSocket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols, { ca: files.cert });
      }
    }
    const client = createClient({ url: `${service.url}/ws`, token, from: 'earliest', WebSocket: TrustingSocket });
    const seen = new Promise<unknown>((resolve) => client.on('*', ({ payload }) => resolve(payload)));
    client.connect();
    expect((await ask(`${service.url}/v1/users/alice/events`, { events: [note(7)] })).status).toBe(200);
    expect(await seen).toEqual({ n: 7 });
    client.close();
    await service.close(0);
  });

  it('refuses versions of TLS that are broken', async () => {
    const service = await openTls();
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(service.url).port),
      ca: files.cert,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/version|alert|reset/i);
    await service.close(0);
  });

  it('a renewed certificate is shown without a restart; a pair that does not fit changes nothing', async () => {
    const service = await openTls();
    const before = await shown(service.url);
    const other = await writeSelfSigned(folder.path, 'other');
    // As a program does that writes one file after the other.
    writeFileSync(files.certFile, other.cert);
    service.reloadKeys();
    expect(await shown(service.url)).toBe(before);
    const renewed = await writeSelfSigned(folder.path);
    service.reloadKeys();
    const after = await shown(service.url);
    expect(after).not.toBe(before);
    files = renewed;
    expect((await ask(`${service.url}/healthz`)).status).toBe(200);
    // Without a certificate nothing could be said at all: one that is emptied or gone stays, as opposed to a list of keys.
    for (const spoil of [() => writeFileSync(files.certFile, ''), () => rmSync(files.keyFile)]) {
      spoil();
      service.reloadKeys();
      service.reloadKeys();
      expect(await shown(service.url)).toBe(after);
    }
    files = await writeSelfSigned(folder.path);
    await service.close(0);
  });

  it.each<[string, (files: SelfSigned) => Record<string, string>, RegExp]>([
    [
      'a certificate without a key',
      ({ certFile }) => ({ WS_TLS_CERT: certFile }),
      /WS_TLS_CERT and WS_TLS_KEY go together/,
    ],
    [
      'a file that is not there',
      ({ certFile }) => ({ WS_TLS_CERT: certFile, WS_TLS_KEY: 'no.key' }),
      /no\.key cannot be used/,
    ],
    ['a key that is none', ({ certFile }) => ({ WS_TLS_CERT: certFile, WS_TLS_KEY: certFile }), /cannot be used/],
  ])('%s: the start says so', async (_name, env, sentence) => {
    await expect(openService({ ...PRODUCTION, ...env(files) })).rejects.toThrow(sentence);
  });

  it('as a process', async () => {
    const env = { ...PRODUCTION, WS_TLS_CERT: files.certFile, WS_TLS_KEY: files.keyFile };
    await using server = await ServerProcess.start({ cwd: folder.path, env });
    expect(server.url).toMatch(/^https:/);
    server.kill('SIGTERM');
    expect(await server.ended()).toEqual({ code: 0, signal: null });
  });
});
