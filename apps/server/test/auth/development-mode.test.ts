import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { developmentSecret } from '@ws/server/src/auth/development-secret.ts';
import { startService } from '../../src/service.ts';
import { developmentSecretPath, readSettings } from '../../src/settings/index.ts';
import { startServer } from '../../src/start-server.ts';
import { note } from '../support/events.ts';
import { call, mustPublish, tokenFor } from '../support/http.ts';
import { openService, useService, type Environment } from '../support/service.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { PRODUCTION, SECRET, SECRET_FILE, signToken } from '../support/tokens.ts';
import { rawRequest, upgrade, type RawAnswer } from '../support/upgrade.ts';

const LISTED = 'https://app.example.com';
const service = useService({ WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE, WS_ALLOWED_ORIGINS: LISTED });

type Headers = Readonly<Record<string, string | undefined>>;

/** A request by hand: `fetch` sets `Host` itself. */
async function ask(method: string, path: string, headers: Headers = {}, body = ''): Promise<RawAnswer> {
  const all = { Host: new URL(service.url).host, Connection: 'close', 'Content-Length': `${body.length}`, ...headers };
  const fields = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`));
  return rawRequest(service.url, [`${method} ${path} HTTP/1.1`, ...fields, '', body]);
}

const askForToken = async (headers: Headers = {}): Promise<RawAnswer> =>
  ask('POST', '/dev/token', { 'Content-Type': 'application/json', ...headers }, '{"user_id":"alice"}');

const withDevKey = async (headers: Headers = {}): Promise<RawAnswer> =>
  ask('GET', '/v1/users/alice/events', { Authorization: 'Bearer dev-key', ...headers });

/** Everything that answers something of use, with the best credential there is. */
async function everything(headers: Headers): Promise<Readonly<Record<string, number>>> {
  const Authorization = `Bearer ${await tokenFor(service.url, 'alice')}`;
  const answers = {
    token: await askForToken(headers),
    history: await withDevKey(headers),
    state: await ask('GET', '/debug/state', { Authorization: 'Bearer dev-key', ...headers }),
    publish: await ask('POST', '/v1/users/alice/events', { 'X-API-Key': 'dev-key', ...headers }, '{"events":[]}'),
    ticket: await ask('POST', '/v1/tickets', { 'X-API-Key': 'dev-key', ...headers }, '{"user_id":"alice"}'),
    stream: await ask('GET', '/v1/events', { Accept: 'text/event-stream', Authorization, ...headers }),
    webSocket: await upgrade(service.url, { headers: { Authorization, ...headers } }),
    metrics: await ask('GET', '/metrics', headers),
    page: await ask('GET', '/', headers),
    nothing: await ask('GET', '/nowhere', headers),
  };
  return Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));
}

const allRefused = async (headers: Headers): Promise<void> => {
  const statuses = await everything(headers);
  expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, 403])));
};

describe('a page whose name was pointed at this machine (DNS rebinding) reads nothing', () => {
  it.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'evil.example#localhost',
    'localhost@evil.example',
    'localhost:80:80',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '',
  ])('Host: %s', async (Host) => {
    await mustPublish(service.url, 'alice', [note(1)]);
    // The page believes itself at home: its origin is that of the address it asked.
    await allRefused({ Host, Origin: Host === '' ? undefined : `http://${Host}` });
    expect((await askForToken({ Host })).body).not.toContain('token"');
    expect((await withDevKey({ Host })).body).not.toContain('app.note');
  });

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.9.9.9:1', '[::1]:8080'])(
    'Host: %s → answered',
    async (Host) => {
      expect((await askForToken({ Host })).status).toBe(200);
      expect((await withDevKey({ Host })).status).toBe(200);
    },
  );
});

describe('nothing is answered that came through a proxy', () => {
  it.each([
    ['X-Forwarded-For', '203.0.113.7'],
    ['X-Forwarded-Host', 'events.example.com'],
    ['X-Forwarded-Proto', 'https'],
    ['Forwarded', 'for=203.0.113.7'],
    ['Via', '1.1 Caddy'],
    ['X-Real-IP', '203.0.113.7'],
  ])('%s: %s', async (name, value) => {
    await allRefused({ [name]: value, Host: 'localhost' });
    const { body } = await askForToken({ [name]: value });
    expect(body).toContain(`header ${name.toLowerCase()}`);
  });
});

describe('pages', () => {
  it.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'https://localhost', 'http://[::1]:8080'])(
    'of this machine, whatever their port, get tokens, may use dev-key and read the answers: %s',
    async (Origin) => {
      const answer = await askForToken({ Origin });
      expect({ status: answer.status, readable: answer.headers['access-control-allow-origin'] }).toEqual({
        status: 200,
        readable: Origin,
      });
      expect((await withDevKey({ Origin })).status).toBe(200);
      const Authorization = `Bearer ${await tokenFor(service.url, 'alice')}`;
      expect((await upgrade(service.url, { headers: { Origin, Authorization } })).status).toBe(101);
    },
  );

  it.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://evil.example:8080',
    'http://localhost:80.evil.example',
    'null',
    'file://',
    'http://10.0.0.1:5173',
  ])('of elsewhere get nothing: %s', async (Origin) => {
    for (const answer of [await askForToken({ Origin }), await withDevKey({ Origin })]) {
      expect(answer).toMatchObject({ status: 403, error: { code: 'ORIGIN_NOT_ALLOWED' } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const Authorization = `Bearer ${await tokenFor(service.url, 'alice')}`;
    expect((await upgrade(service.url, { headers: { Origin, Authorization } })).status).toBe(403);
  });

  it('of WS_ALLOWED_ORIGINS connect with a token, and get neither tokens nor the key', async () => {
    const Origin = LISTED;
    expect((await askForToken({ Origin })).status).toBe(403);
    expect((await withDevKey({ Origin })).status).toBe(403);
    const Authorization = `Bearer ${await signToken({ sub: 'alice' })}`;
    expect((await upgrade(service.url, { headers: { Origin, Authorization } })).status).toBe(101);
  });

  it('of another port of this machine are foreign outside of development mode', async () => {
    const own = await openService(PRODUCTION);
    const Authorization = `Bearer ${await signToken({ sub: 'alice' })}`;
    const headers = { Origin: 'http://127.0.0.1:1', Authorization };
    expect(await upgrade(own.url, { headers })).toMatchObject({ status: 403, error: { code: 'ORIGIN_NOT_ALLOWED' } });
    await own.close(0);
  });
});

describe('with strong secrets and a forgotten NODE_ENV', () => {
  it('there is no development token and no dev-key, also for Host: localhost', async () => {
    const own = await openService({ ...PRODUCTION, NODE_ENV: '' });
    const { host } = new URL(own.url);
    for (const Host of [host, 'localhost']) {
      const lines = [
        `POST /dev/token HTTP/1.1`,
        `Host: ${Host}`,
        'Connection: close',
        'Content-Type: application/json',
      ];
      const body = '{"user_id":"alice"}';
      expect(await rawRequest(own.url, [...lines, `Content-Length: ${body.length}`, '', body])).toMatchObject({
        status: 403,
        error: { code: 'FORBIDDEN' },
      });
      const key = ['GET /v1/users/alice/events HTTP/1.1', `Host: ${Host}`, 'Connection: close', 'X-API-Key: dev-key'];
      expect((await rawRequest(own.url, key)).status).toBe(401);
    }
    await own.close(0);
  });

  it('settings without keys for tokens are refused where the service has no authentication of its own', async () => {
    const env = { WS_API_KEY: PRODUCTION.WS_API_KEY, WS_LOG_URL: 'memory:', WS_PORT: '0' };
    const settings = readSettings(env, { ownAuthentication: true });
    await expect(startService({ settings })).rejects.toThrow(/jwt: one of secret, secretFile and jwksUrl is needed/);
  });
});

describe('the development secret', () => {
  it('is made once, for its owner alone, and is the same for every process', () => {
    using folder = makeTempFolder();
    const path = join(folder.path, 'new', 'secret');
    const secret = developmentSecret(path);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(developmentSecret(path)).toBe(secret);
    expect(readFileSync(path, 'utf8').trim()).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('stands beside the file of the log where no file is named, and is of one process where there is none', () => {
    using folder = makeTempFolder();
    const log = { kind: 'sqlite', path: join(folder.path, 'events.db') } as const;
    const path = join(folder.path, 'development-secret');
    expect(developmentSecretPath({ developmentSecretFile: undefined, log })).toBe(path);
    expect(developmentSecretPath({ developmentSecretFile: undefined, log: { kind: 'memory' } })).toBeUndefined();
    expect(developmentSecret(undefined)).not.toBe(developmentSecret(undefined));
  });

  it('of a file that is empty or weak is refused, naming the file and not the secret', () => {
    using folder = makeTempFolder();
    const path = join(folder.path, 'secret');
    for (const text of ['', 'hunter2\n']) {
      writeFileSync(path, text);
      expect(() => developmentSecret(path)).toThrow(/secret cannot be used: the secret in it has only \d characters/);
    }
    expect(() => developmentSecret(folder.path)).toThrow(/the development secret in .* cannot be used: EISDIR/);
  });

  it('signs what services that share it take', async () => {
    const other = await openService({ WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE });
    const Authorization = `Bearer ${await tokenFor(other.url, 'alice')}`;
    await other.close(0);
    expect((await upgrade(service.url, { headers: { Authorization } })).status).toBe(101);
    expect(readFileSync(SECRET_FILE, 'utf8').trim()).toBe(SECRET);
  });
});

describe('a page', () => {
  async function shownBy(env: Environment): Promise<unknown> {
    const quiet = { WS_PORT: '0', WS_LOG_URL: 'memory:', WS_LOG_LEVEL: 'silent' };
    const own = await startServer({ env: { ...quiet, ...env } });
    const { body, text } = await call(own.url);
    await own.close(0);
    return body['page'] ?? text;
  }

  it('is served where it is asked for, and nowhere else', async () => {
    using folder = makeTempFolder();
    writeFileSync(join(folder.path, 'index.html'), 'the page');
    for (const env of [{ WS_DEVELOPMENT: 'on' }, PRODUCTION]) {
      expect(await shownBy(env)).toBe('none: set WS_PAGE_FOLDER to serve one');
      expect(await shownBy({ ...env, WS_PAGE_FOLDER: folder.path })).toBe('the page');
    }
  });
});
