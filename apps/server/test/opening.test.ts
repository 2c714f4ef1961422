import { describe, expect, it } from 'vitest';
import { call, errorCode, ticketFor, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, openService, useService } from './support/service.ts';
import { SECRET_FILE, signToken } from './support/tokens.ts';
import { rawRequest, upgrade } from './support/upgrade.ts';

const service = useService({ WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE, WS_ALLOWED_ORIGINS: 'https://app.example.com' });

async function userOf(peer: Peer): Promise<unknown> {
  const { user_id } = await peer.frame('connection_ready');
  peer.socket.terminate();
  return user_id;
}

describe('four ways in', () => {
  it('a subprotocol entry, which is never echoed', async () => {
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, 'alice') });
    expect(peer.socket.protocol).toBe('agent-events.v1');
    expect(await userOf(peer)).toBe('alice');
  });

  it('a subprotocol entry before the name of the protocol, which is never echoed', async () => {
    const token = await tokenFor(service.url, 'alice');
    const answer = await upgrade(service.url, {
      headers: { 'Sec-WebSocket-Protocol': `jwt.${token}, agent-events.v1` },
    });
    expect(answer.status).toBe(101);
    expect(answer.headers['sec-websocket-protocol']).toBe('agent-events.v1');
    expect(JSON.stringify(answer)).not.toContain(token);
  });

  it('Authorization', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(service.url, 'alice')}` };
    expect(await userOf(await Peer.open(service.url, { headers }))).toBe('alice');
  });

  it('a ticket, once', async () => {
    const query = `?ticket=${await ticketFor(service.url, 'alice')}`;
    expect(await userOf(await Peer.open(service.url, { query }))).toBe('alice');
    const again = await upgrade(service.url, { path: `/ws${query}` });
    expect(again).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
  });

  it('a ticket used twice at the same moment lets one in', async () => {
    const path = `/ws?ticket=${await ticketFor(service.url, 'alice')}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => upgrade(service.url, { path })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      101,
      ...Array.from({ length: 7 }, () => 401),
    ]);
  });

  it('a token in hello', async () => {
    const hello = { token: await tokenFor(service.url, 'alice') };
    expect(await userOf(await Peer.open(service.url, { hello }))).toBe('alice');
  });
});

describe('the first credential found wins', () => {
  it('subprotocol, then Authorization, then ticket, then hello', async () => {
    const [one, two, four] = await Promise.all(['one', 'two', 'four'].map((user) => tokenFor(service.url, user)));
    const query = `?ticket=${await ticketFor(service.url, 'three')}`;
    const headers = { authorization: `Bearer ${two}` };
    const hello = { token: four };
    expect(await userOf(await Peer.open(service.url, { token: one ?? '', headers, query, hello }))).toBe('one');
    expect(await userOf(await Peer.open(service.url, { headers, query, hello }))).toBe('two');
    // The ticket was not looked at so far, so it is still good.
    expect(await userOf(await Peer.open(service.url, { query, hello }))).toBe('three');
  });

  it('also when it is bad: a good one behind it does not help', async () => {
    const headers = { Authorization: `Bearer ${await tokenFor(service.url, 'alice')}` };
    const answer = await upgrade(service.url, {
      headers: { ...headers, 'Sec-WebSocket-Protocol': 'agent-events.v1, jwt.broken' },
    });
    expect(answer).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
  });
});

describe('refused upgrades are plain HTTP with a JSON body', () => {
  it.each([
    ['no subprotocol', { 'Sec-WebSocket-Protocol': undefined }, 400, 'SUBPROTOCOL_REQUIRED'],
    ['another subprotocol', { 'Sec-WebSocket-Protocol': 'graphql-ws' }, 400, 'SUBPROTOCOL_REQUIRED'],
    ['a later version', { 'Sec-WebSocket-Protocol': 'agent-events.v2' }, 400, 'SUBPROTOCOL_REQUIRED'],
    ['no key', { 'Sec-WebSocket-Key': undefined }, 400, 'BAD_REQUEST'],
    ['a bad key', { 'Sec-WebSocket-Key': 'short' }, 400, 'BAD_REQUEST'],
    ['an unknown version', { 'Sec-WebSocket-Version': '12' }, 400, 'BAD_REQUEST'],
    ['a foreign origin', { Origin: 'https://evil.example' }, 403, 'ORIGIN_NOT_ALLOWED'],
    ['an opaque origin', { Origin: 'null' }, 403, 'ORIGIN_NOT_ALLOWED'],
    ['an origin that is no URL', { Origin: '//' }, 403, 'ORIGIN_NOT_ALLOWED'],
    ['an allowed origin with more behind it', { Origin: 'https://app.example.com.evil.io' }, 403, 'ORIGIN_NOT_ALLOWED'],
  ])('%s', async (_name, headers, status, code) => {
    const answer = await upgrade(service.url, { headers });
    expect(answer).toMatchObject({ status, error: { code } });
    expect(answer.error.message).toMatch(/\w/);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers).not.toHaveProperty('sec-websocket-protocol');
  });

  it('a bad credential of a peer whose handshake is none', async () => {
    const headers = { Authorization: 'Bearer nonsense', 'Sec-WebSocket-Key': undefined };
    const answer = await upgrade(service.url, { headers });
    expect(answer).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
    expect(answer.headers['content-type']).toContain('application/json');
  });
});

describe('a bad credential is refused in the protocol, which a page can read', () => {
  it.each([
    ['an empty token entry', { 'Sec-WebSocket-Protocol': 'agent-events.v1, jwt.' }],
    ['a bad bearer token', { Authorization: 'Bearer nonsense' }],
    ['the API key as a token', { Authorization: 'Bearer dev-key' }],
  ])('%s', async (_name, headers) => {
    const answer = await upgrade(service.url, { headers });
    expect(answer).toMatchObject({ status: 401, closeCode: 4501, error: { code: 'CREDENTIAL_INVALID' } });
    expect(answer.error.message).toMatch(/\w/);
    expect(answer.headers['sec-websocket-protocol']).toBe('agent-events.v1');
    const { text } = await call(`${service.url}/metrics`);
    expect(text).toMatch(/ws_upgrades_refused_total\{code="CREDENTIAL_INVALID"\} [1-9]/);
  });

  it('a WebSocket hears an error and the close code, and none was made of it', async () => {
    const token = await signToken({ sub: 'a' }, { expiresIn: -60 });
    const peer = await Peer.open(service.url, { token });
    expect(await peer.ended()).toEqual({ code: 4001, reason: 'credential expired: connect with a new one' });
    expect(peer.frames).toMatchObject([{ type: 'error', code: 'CREDENTIAL_EXPIRED', fatal: true }]);
    expect((await call(`${service.url}/metrics`)).text).not.toContain('ws_connections_closed_total{code="4001"}');
  });

  it.each([
    [
      'of another key',
      async () => signToken({ sub: 'a' }, { secret: 'some other secret of the same length' }),
      'CREDENTIAL_INVALID',
    ],
    ['that has expired', async () => signToken({ sub: 'a' }, { expiresIn: -60 }), 'CREDENTIAL_EXPIRED'],
    ['that names nobody', async () => signToken({}), 'CREDENTIAL_INVALID'],
    ['whose user is no id', async () => signToken({ sub: 'a b' }), 'CREDENTIAL_INVALID'],
    ['whose threads are no list', async () => signToken({ sub: 'a', threads: 't1' }), 'CREDENTIAL_INVALID'],
    ['that allows no thread', async () => signToken({ sub: 'a', threads: [] }), 'CREDENTIAL_INVALID'],
    [
      'that is not valid yet',
      async () => signToken({ sub: 'a', nbf: Math.floor(Date.now() / 1_000) + 600 }),
      'CREDENTIAL_INVALID',
    ],
  ])('a token %s → 401', async (_name, make, code) => {
    const token = await make();
    const answer = await upgrade(service.url, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer).toMatchObject({
      status: 401,
      closeCode: code === 'CREDENTIAL_EXPIRED' ? 4001 : 4501,
      error: { code },
    });
    expect(answer.body).not.toContain(token);
  });

  it('a token without an end is taken and never expires', async () => {
    const peer = await Peer.ready(service.url, { token: await signToken({ sub: freshUser() }, { expiresIn: null }) });
    expect(peer.frames[0]).not.toHaveProperty('expires_at');
    peer.socket.terminate();
  });

  it.each(['/', '/ws/', '/ws2', '/v1/ws', '//evil.example/ws'])('the path %s → 404', async (path) => {
    expect(await upgrade(service.url, { path })).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } });
  });

  it('another method → 400', async () => {
    expect(await upgrade(service.url, { method: 'PUT' })).toMatchObject({ status: 400 });
  });

  it('draining → 503 with Retry-After, also for a good token', async () => {
    const draining = await openService();
    const token = await tokenFor(draining.url, 'alice');
    const peer = await Peer.ready(draining.url, { token });
    const drained = draining.hub.drain();
    const answer = await upgrade(draining.url, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer).toMatchObject({ status: 503, error: { code: 'DRAINING' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await drained;
    expect((await peer.ended()).code).toBe(1012);
    await draining.close(0);
  });
});

describe('origins', () => {
  it.each([
    ['none: not a browser', undefined],
    ["the server's own", 'own'],
    ['one allowed by setting', 'https://app.example.com'],
  ])('%s → taken', async (_name, origin) => {
    const headers = { Origin: origin === 'own' ? service.url : origin };
    expect((await upgrade(service.url, { headers })).status).toBe(101);
  });
});

describe('requests that are no WebSocket', () => {
  it('a plain GET of /ws is told what it takes', async () => {
    const answer = await call(`${service.url}/ws`);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(answer.text).toContain('Upgrade');
  });

  it('an offer to upgrade to HTTP/2, as Java and curl --http2 make it, is passed over', async () => {
    const { host } = new URL(service.url);
    const head = [`Host: ${host}`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
    const health = await rawRequest(service.url, ['GET /healthz HTTP/1.1', ...head, 'Connection: close']);
    expect(health).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });
});
