import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Service } from '../../src/service.ts';
import { EventStream } from '../support/event-stream.ts';
import { note } from '../support/events.ts';
import { call, errorCode, eventsAddress, post } from '../support/http.ts';
import { openService, type Environment } from '../support/service.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { PRODUCTION, signToken } from '../support/tokens.ts';
import { upgrade } from '../support/upgrade.ts';

let folder: TempFolder;
let path: string;
const services: Service[] = [];

beforeEach(() => {
  folder = makeTempFolder();
  path = join(folder.path, 'keys');
});
afterEach(async () => {
  await Promise.all(services.splice(0).map(async (service) => service.close(0)));
  folder[Symbol.dispose]();
});

const KEYS_FILE = { ...PRODUCTION, WS_API_KEY: '' };
const SECRET_FILE = { ...PRODUCTION, WS_JWT_SECRET: '' };

async function serve(env: Environment): Promise<Service> {
  const service = await openService(env);
  services.push(service);
  return service;
}

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

interface FileKey {
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly string[];
  readonly expires_at?: string;
}

/** As tools that deploy secrets do it: the file is replaced, not written over. */
function writeKeys(keys: readonly FileKey[]): void {
  const content = { keys: keys.map(({ key, ...rest }) => ({ ...rest, sha256: sha256(key) })) };
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}

const PUBLISHER = { id: 'publisher', key: 'key-of-the-publisher', scopes: ['publish'] };
const READER = { id: 'reader', key: 'key-of-the-reader', scopes: ['read'] };
const ADMIN = { id: 'admin', key: 'key-of-the-admin', scopes: ['admin'] };

/** How a list of keys can be lost. */
const GONE: readonly (readonly [string, () => void])[] = [
  ['not there', () => rmSync(path)],
  ['blank', () => writeFileSync(path, '\n')],
  ['without a byte', () => writeFileSync(path, '')],
];

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

async function publishWith(service: Service, key: string): Promise<{ status: number; code: unknown }> {
  const answer = await post(eventsAddress(service.url, 'alice'), { events: [note(1)] }, bearer(key));
  return { status: answer.status, code: errorCode(answer) };
}

describe('API keys of a file', () => {
  it('do what their scopes say', async () => {
    writeKeys([PUBLISHER, READER, ADMIN]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    const calls: Readonly<Record<string, (key: string) => Promise<{ status: number }>>> = {
      publish: async (key) => publishWith(service, key),
      read: async (key) => call(eventsAddress(service.url, 'alice'), { headers: bearer(key) }),
      ticket: async (key) => post(`${service.url}/v1/tickets`, { user_id: 'alice' }, bearer(key)),
    };
    const statuses = async (key: string) =>
      Promise.all(Object.values(calls).map(async (attempt) => (await attempt(key)).status));
    expect(Object.keys(calls)).toEqual(['publish', 'read', 'ticket']);
    expect(await statuses(PUBLISHER.key)).toEqual([200, 403, 403]);
    expect(await statuses(READER.key)).toEqual([403, 200, 403]);
    expect(await statuses(ADMIN.key)).toEqual([200, 200, 200]);
    expect(await statuses('key-of-nobody')).toEqual([401, 401, 401]);
    // The known key of development mode is none here.
    expect(await statuses('dev-key')).toEqual([401, 401, 401]);
  });

  it('the digest itself is no key', async () => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    expect(await publishWith(service, sha256(PUBLISHER.key))).toEqual({ status: 401, code: 'CREDENTIAL_INVALID' });
  });

  it('are good beside the one of WS_API_KEY', async () => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...PRODUCTION, WS_API_KEYS_FILE: path });
    expect(await publishWith(service, PRODUCTION.WS_API_KEY)).toMatchObject({ status: 200 });
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
  });

  it('a key that has expired is none', async () => {
    writeKeys([
      { ...PUBLISHER, expires_at: '2020-01-01T00:00:00Z' },
      { ...READER, scopes: ['publish'], expires_at: '2999-01-01T00:00:00Z' },
    ]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 401 });
    expect(await publishWith(service, READER.key)).toMatchObject({ status: 200 });
  });

  it('are rotated without a restart: first both, then the new one alone', async () => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    const next = { ...PUBLISHER, id: 'publisher-2', key: 'next-key-of-the-publisher' };
    writeKeys([PUBLISHER, next]);
    // Nobody tells the service: it sees the change.
    await expect.poll(async () => (await publishWith(service, next.key)).status, { timeout: 8_000 }).toBe(200);
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
    writeKeys([next]);
    service.reloadKeys();
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 401 });
    expect(await publishWith(service, next.key)).toMatchObject({ status: 200 });
  });

  it.each([
    ['half written', (): void => writeFileSync(path, '{"keys":[')],
    ['another kind of JSON', (): void => writeFileSync(path, '[]')],
    ['a folder', (): void => (rmSync(path), mkdirSync(path), undefined)],
  ])('a file that became wrong changes nothing: %s', async (_what, spoil) => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    spoil();
    for (let looks = 0; looks < 3; looks += 1) service.reloadKeys();
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
  });

  it('an empty list is a list: no key of before is good, and the file is watched on', async () => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...PRODUCTION, WS_API_KEYS_FILE: path });
    writeKeys([]);
    service.reloadKeys();
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 401 });
    expect(await publishWith(service, PRODUCTION.WS_API_KEY)).toMatchObject({ status: 200 });
    writeKeys([PUBLISHER]);
    service.reloadKeys();
    expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
  });

  it.each(GONE)(
    'a file that is %s for two looks is an empty list, and for one changes nothing',
    async (_what, empty) => {
      writeKeys([PUBLISHER]);
      const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
      empty();
      service.reloadKeys();
      expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
      // Back before the second look.
      writeKeys([PUBLISHER]);
      service.reloadKeys();
      empty();
      service.reloadKeys();
      expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 200 });
      service.reloadKeys();
      expect(await publishWith(service, PUBLISHER.key)).toMatchObject({ status: 401 });
    },
  );

  it('the service sees by itself that the file is gone', async () => {
    writeKeys([PUBLISHER]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    rmSync(path);
    await expect.poll(async () => (await publishWith(service, PUBLISHER.key)).status, { timeout: 9_000 }).toBe(401);
  });

  it('a stream that was opened with a key ends with the key', async () => {
    writeKeys([READER, ADMIN]);
    const service = await serve({ ...KEYS_FILE, WS_API_KEYS_FILE: path, WS_HEARTBEAT_MS: '200' });
    const [ends, stays] = await Promise.all(
      [READER, ADMIN].map(async ({ key }) => EventStream.open(eventsAddress(service.url, 'alice'), bearer(key))),
    );
    await using _stays = stays;
    await using _ends = ends;
    await Promise.all([ends, stays].map(async (it) => it?.until(() => it.blocks.length === 1, 'connection_ready')));
    writeKeys([ADMIN]);
    service.reloadKeys();
    await ends?.toEnd();
    expect(ends?.blocks.at(-1)).toMatchObject({ event: 'close', data: { code: 4501 } });
    expect(stays?.blocks.map(({ event }) => event)).toEqual(['connection_ready']);
  });

  it.each([
    ['no JSON', '{"keys":', /it is not JSON$/],
    ['no key', '{"keys":[]}', /field keys: must hold at least one key$/],
    [
      'a key in clear',
      '{"keys":[{"id":"a","sha256":"hunter2-is-secret","scopes":["read"]}]}',
      /keys\.0\.sha256: must be 64/,
    ],
    [
      'an unknown scope',
      `{"keys":[{"id":"a","sha256":"${sha256('a')}","scopes":["write"]}]}`,
      /must be publish, read, inbox, admin$/,
    ],
    ['a typing error', `{"keys":[{"id":"a","sha256":"${sha256('a')}","scope":["read"]}]}`, /keys\.0\.scopes/],
    [
      'a name twice',
      `{"keys":[${Array.from({ length: 2 }, () => `{"id":"a","sha256":"${sha256('a')}","scopes":["read"]}`).join()}]}`,
      /must not name two keys alike$/,
    ],
  ])('a start with %s is refused with a sentence', async (_name, text, sentence) => {
    writeFileSync(path, text);
    const refused = openService({ ...KEYS_FILE, WS_API_KEYS_FILE: path });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });

  it('a file that is not there is refused', async () => {
    await expect(openService({ ...KEYS_FILE, WS_API_KEYS_FILE: path })).rejects.toThrow(/keys cannot be used: ENOENT/);
  });
});

describe('secrets of a file', () => {
  const [OLD, NEXT] = ['the old secret of more than 32 characters', 'the next secret of more than 32 characters'];

  async function statusOf(service: Service, secret: string): Promise<number> {
    const token = await signToken({ sub: 'alice' }, { secret });
    return (await upgrade(service.url, { headers: { Authorization: `Bearer ${token}` } })).status;
  }

  it('are good side by side, and are rotated without a restart', async () => {
    writeFileSync(path, `${NEXT}\n${OLD}\n`);
    const service = await serve({ ...SECRET_FILE, WS_JWT_SECRET_FILE: path });
    expect([await statusOf(service, OLD), await statusOf(service, NEXT)]).toEqual([101, 101]);
    writeFileSync(path, `${NEXT}\n`);
    service.reloadKeys();
    expect([await statusOf(service, OLD), await statusOf(service, NEXT)]).toEqual([401, 101]);
  });

  it.each(GONE)('of a file that is %s for two looks are good no more, and no token is let in', async (_what, empty) => {
    writeFileSync(path, `${OLD}\n`);
    const service = await serve({ ...SECRET_FILE, WS_JWT_SECRET_FILE: path });
    empty();
    service.reloadKeys();
    expect(await statusOf(service, OLD)).toBe(101);
    service.reloadKeys();
    expect(await statusOf(service, OLD)).toBe(401);
    writeFileSync(path, `${NEXT}\n`);
    service.reloadKeys();
    expect([await statusOf(service, OLD), await statusOf(service, NEXT)]).toEqual([401, 101]);
  });

  it('a half-written file, of which some lines are whole, takes nobody out', async () => {
    writeFileSync(path, `${NEXT}\n${OLD}\n`);
    const service = await serve({ ...SECRET_FILE, WS_JWT_SECRET_FILE: path });
    // It grows for longer than two looks are apart, and each part of it is a list that lacks the old secret.
    let lines = 0;
    const writer = setInterval(() => writeFileSync(path, `${NEXT}${'\n'.repeat((lines += 1))}`), 50);
    const deadline = performance.now() + 2_500;
    while (performance.now() < deadline) expect(await statusOf(service, OLD)).toBe(101);
    clearInterval(writer);
    writeFileSync(path, `${NEXT}\n${OLD}\n`);
    expect(await statusOf(service, OLD)).toBe(101);
  });

  it.each([
    ['none in it', '\n'],
    ['a short one', `${OLD}\nhunter2\n`],
    ['one of few characters', `${OLD}\n${'hunter2'.repeat(5)}\n`],
  ])('with %s the service does not start', async (_name, text) => {
    writeFileSync(path, text);
    const refused = openService({ ...SECRET_FILE, WS_JWT_SECRET_FILE: path });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });
});
