import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/service.ts';
import {
  call,
  errorCode,
  eventsAddress,
  post,
  ticketFor,
  tokenFor,
  withKey,
  type HttpAnswer,
} from '../support/http.ts';
import { EventStream } from '../support/event-stream.ts';
import { Peer } from '../support/peer.ts';
import { openService } from '../support/service.ts';
import { SECRET_FILE, signToken } from '../support/tokens.ts';
import { upgrade } from '../support/upgrade.ts';

let service: Service;

beforeAll(async () => {
  service = await openService({ WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE }, () => undefined);
});
afterAll(async () => service.close(0));

async function disconnect(userId: string, body: object = {}): Promise<HttpAnswer> {
  return post(`${service.url}/v1/users/${userId}/disconnect`, body, withKey);
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('a user who is disconnected', () => {
  it('loses every connection, and no credential of before opens another or reads anything', async () => {
    const { url } = service;
    const token = await signToken({ sub: 'alice' });
    const tabs = [await Peer.ready(url, { token }), await Peer.ready(url, { hello: { token } })];
    const byTicket = await Peer.ready(url, { query: `?ticket=${await ticketFor(url, 'alice')}` });
    const other = await Peer.ready(url, { token: await tokenFor(url, 'bob') });
    await using stream = await EventStream.open(eventsAddress(url, 'alice'), bearer(token));
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    const waiting = await ticketFor(url, 'alice');

    const answer = await disconnect('alice');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user_id: 'alice', written: true });
    expect(answer.body['expires_at']).toBeGreaterThan(Date.now() + 86_400_000);

    // A ticket of this second may be newer than the revocation: another one is worth a try.
    expect([4001, 4501]).toContain((await byTicket.ended()).code);
    for (const peer of tabs) {
      expect((await peer.ended()).code).toBe(4501);
      expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'CREDENTIAL_REVOKED', fatal: true });
    }
    await stream.toEnd();
    expect(stream.blocks.at(-1)).toMatchObject({ event: 'close', data: { code: 4501 } });
    const refused = { status: 401, error: { code: 'CREDENTIAL_REVOKED' } };
    expect(await upgrade(url, { headers: { Authorization: `Bearer ${token}` } })).toMatchObject(refused);
    expect(await upgrade(url, { path: `/ws?ticket=${waiting}` })).toMatchObject({ status: 401 });
    expect((await (await Peer.open(url, { hello: { token } })).ended()).code).toBe(4501);
    expect(errorCode(await call(eventsAddress(url, 'alice'), { headers: bearer(token) }))).toBe('CREDENTIAL_REVOKED');
    const message = { type: 'user_message', message_id: 'm1', payload: { text: 'hi' } };
    expect(errorCode(await post(`${url}/v1/frames`, message, bearer(token)))).toBe('CREDENTIAL_REVOKED');
    // Nobody else is concerned, and a fresh credential of the user is good.
    other.say({ type: 'ping' });
    await other.frame('pong');
    const fresh = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
    for (const peer of [fresh, other]) peer.socket.terminate();
  });

  it('a token of around that moment is refused as expired, and one from `valid_from` on is good', async () => {
    const { url } = service;
    const before = Math.floor(Date.now() / 1_000);
    const { valid_from: validFrom } = (await disconnect('heidi')).body;
    const first = Number(validFrom) / 1_000;
    // The second after now and five seconds of tolerance.
    expect(first - before).toBeGreaterThanOrEqual(6);
    const statusOf = async (iat: number) => {
      const token = await signToken({ sub: 'heidi', iat });
      const { status, error } = await upgrade(url, { headers: { Authorization: `Bearer ${token}` } });
      return [status, error?.code];
    };
    expect(await statusOf(before - 2)).toEqual([401, 'CREDENTIAL_REVOKED']);
    expect(await statusOf(first - 1)).toEqual([401, 'CREDENTIAL_EXPIRED']);
    expect(await statusOf(first)).toEqual([101, undefined]);
  });

  it('an API key goes on reading the stream: it is no credential of the user', async () => {
    const { url } = service;
    await disconnect('ivan');
    expect((await call(eventsAddress(url, 'ivan'), { headers: withKey })).status).toBe(200);
    await using stream = await EventStream.open(eventsAddress(url, 'ivan'), withKey);
    await stream.until(() => stream.blocks.length === 1, 'an answer');
    expect(stream.blocks[0]).toMatchObject({ event: 'connection_ready' });
  });

  it('by a token alone: other tokens of the user stay good', async () => {
    const { url } = service;
    const [stolen, good] = [await signToken({ sub: 'carol', jti: 't1' }), await signToken({ sub: 'carol', jti: 't2' })];
    const thief = await Peer.ready(url, { token: stolen });
    const tab = await Peer.ready(url, { token: good });
    expect((await disconnect('carol', { token_id: 't1' })).body).toMatchObject({ user_id: 'carol', token_id: 't1' });
    expect((await thief.ended()).code).toBe(4501);
    // It does not help to renew the good one with the stolen one.
    tab.say({ type: 'auth', token: stolen });
    expect(await tab.frame('error')).toMatchObject({ code: 'CREDENTIAL_REVOKED', fatal: false });
    tab.say({ type: 'ping' });
    await tab.frame('pong');
    tab.socket.terminate();
    expect((await upgrade(url, { headers: { Authorization: `Bearer ${stolen}` } })).status).toBe(401);
    expect((await upgrade(url, { headers: { Authorization: `Bearer ${good}` } })).status).toBe(101);
  });

  it("another user's token of the same id is not concerned", async () => {
    const { url } = service;
    const token = await signToken({ sub: 'dave', jti: 'same' });
    await disconnect('erin', { token_id: 'same' });
    expect((await upgrade(url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(101);
  });
});

it.each([
  ['no key', {}, {}, 401],
  ['a token instead of a key', {}, 'token', 401],
  ['a time that is none', { expires_at: 'tomorrow' }, withKey, 400],
  ['a time in seconds, which is long past', { expires_at: Math.floor(Date.now() / 1_000) }, withKey, 400],
  ['an empty token id', { token_id: '' }, withKey, 400],
  ['a token id of megabytes', { token_id: 'x'.repeat(100_000) }, withKey, 400],
])('%s → %s', async (_name, body, headers, status) => {
  const given =
    headers === 'token' ? bearer(await tokenFor(service.url, 'alice')) : (headers as Record<string, string>);
  expect((await post(`${service.url}/v1/users/frank/disconnect`, body, given)).status).toBe(status);
});

it('takes a call without a body', async () => {
  const answer = await call(`${service.url}/v1/users/grace/disconnect`, { method: 'POST', headers: withKey });
  expect(answer.status).toBe(200);
});
