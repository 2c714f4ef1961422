import { join } from 'node:path';
import { WebSocketError } from '@ws/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Authenticator, CredentialRequest } from '@ws/server/src/auth/authenticator.ts';
import { startService, type Service } from '../../src/service.ts';
import { readSettings } from '../../src/settings/index.ts';
import { call, eventsAddress, post, ticketFor } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { upgrade } from '../support/upgrade.ts';

const seen: CredentialRequest[] = [];

/** Sessions in a cookie, and tokens of another kind: what a team may have already. */
const authenticate: Authenticator = async (request) => {
  seen.push(request);
  const { token, headers } = request;
  const session = /(?:^|; )session=(\S+?)(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? token;
  if (session === undefined) return undefined;
  if (session === 'broken') return { userId: 'a b' };
  if (!session.startsWith('of-'))
    throw new WebSocketError('CREDENTIAL_INVALID', 'the session has ended: sign in again');
  return { userId: session.slice(3) };
};

let service: Service;

beforeAll(async () => {
  using folder = makeTempFolder();
  const env = {
    WS_PORT: '0',
    WS_LOG_URL: 'memory:',
    WS_LOG_LEVEL: 'silent',
    NODE_ENV: 'production',
    WS_API_KEY: 'a-key-for-tests-that-nobody-else-has',
  };
  service = await startService({
    settings: readSettings(env, { ownAuthentication: true }),
    pageFolder: join(folder.path, 'no-page'),
    authenticate,
  });
});
afterAll(async () => service.close(0));

async function userOf(peer: Peer): Promise<unknown> {
  const { user_id } = await peer.frame('connection_ready');
  peer.socket.terminate();
  return user_id;
}

it('is asked for upgrades, whatever they carry', async () => {
  expect(await userOf(await Peer.open(service.url, { headers: { cookie: 'session=of-alice' } }))).toBe('alice');
  expect(await userOf(await Peer.open(service.url, { token: 'of-bob' }))).toBe('bob');
  expect(seen.at(-1)).toMatchObject({ token: 'of-bob', address: '127.0.0.1' });
});

it('is asked for the token of hello and of auth', async () => {
  const peer = await Peer.ready(service.url, { hello: { token: 'of-alice' } });
  peer.say({ type: 'auth', token: 'of-alice' });
  await peer.frame('auth_ok');
  peer.say({ type: 'auth', token: 'of-bob' });
  expect((await peer.ended()).code).toBe(4503);
});

it('is asked for history over HTTP', async () => {
  const history = async (user: string) =>
    (await call(eventsAddress(service.url, user), { headers: { cookie: 'session=of-alice' } })).status;
  expect([await history('alice'), await history('bob')]).toEqual([200, 403]);
});

it('its refusals and its mistakes are refusals', async () => {
  const status = async (cookie: string) => (await upgrade(service.url, { headers: { Cookie: cookie } })).status;
  expect(await status('session=stolen')).toBe(401);
  expect(await status('session=broken')).toBe(500);
});

it('knows nothing of tickets: they are good as ever', async () => {
  const answer = await post(
    `${service.url}/v1/tickets`,
    { user_id: 'carol' },
    { authorization: 'Bearer a-key-for-tests-that-nobody-else-has' },
  );
  const query = `?ticket=${String(answer.body['ticket'])}`;
  expect(await userOf(await Peer.open(service.url, { query }))).toBe('carol');
});

it('leaves no development tokens behind', async () => {
  expect((await post(`${service.url}/dev/token`, { user_id: 'alice' })).status).toBe(403);
  await expect(ticketFor(service.url, 'alice')).rejects.toThrow('401');
});
