import { describe, expect, it } from 'vitest';
import { AddressLimit } from '@ws/server/src/limits/address-limit.ts';
import { RawSocket } from '../attacks/support/raw-socket.ts';
import { MAX_EVENTS } from '@ws/server/src/limits/publish-limit.ts';
import { completed, note, started } from '../support/events.ts';
import { EventStream } from '../support/event-stream.ts';
import { call, errorCode, eventsAddress, mustPublish, publish, tokenFor, withKey } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { openService, type Environment } from '../support/service.ts';
import { PRODUCTION, signToken } from '../support/tokens.ts';
import { upgrade, type RawAnswer } from '../support/upgrade.ts';

async function withService(env: Environment, work: (url: string) => Promise<void>): Promise<void> {
  const service = await openService(env);
  try {
    await work(service.url);
  } finally {
    await service.close(0);
  }
}

async function metric(url: string, line: RegExp): Promise<number> {
  const found = line.exec((await call(`${url}/metrics`)).text);
  return Number(found?.[1] ?? 'NaN');
}

const refusedUpgrade = { status: 429, error: { code: 'TOO_MANY_CONNECTIONS' } };

describe('connections in total', () => {
  it('one over WS_MAX_CONNECTIONS is refused with 429 and Retry-After, and taken when another has gone', async () => {
    await withService({ WS_MAX_CONNECTIONS: '2' }, async (url) => {
      const token = await tokenFor(url, 'alice');
      const [first] = [await Peer.ready(url, { token }), await Peer.ready(url, { token })];
      const headers = { Authorization: `Bearer ${token}` };
      const refused = await upgrade(url, { headers });
      expect(refused).toMatchObject(refusedUpgrade);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      const stream = await call(eventsAddress(url, 'alice'), { headers: { ...withKey, accept: 'text/event-stream' } });
      expect({ status: stream.status, code: errorCode(stream) }).toEqual({ status: 429, code: 'TOO_MANY_CONNECTIONS' });
      expect(await metric(url, /ws_upgrades_refused_total\{code="TOO_MANY_CONNECTIONS"\} (\d+)/)).toBe(1);
      await first.close();
      await expect.poll(async () => (await upgrade(url, { headers })).status).toBe(101);
    });
  });
});

describe('connections without a credential', () => {
  it('one over WS_MAX_UNAUTHENTICATED is refused; one that has a credential is not', async () => {
    await withService({ WS_MAX_UNAUTHENTICATED: '2' }, async (url) => {
      const strangers = [await Peer.open(url, { hello: null }), await Peer.open(url, { hello: null })];
      expect(await metric(url, /ws_connections_unauthenticated (\d+)/)).toBe(2);
      expect(await upgrade(url)).toMatchObject(refusedUpgrade);
      const token = await tokenFor(url, 'alice');
      expect((await upgrade(url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(101);
      strangers[0]?.say({ type: 'hello', token });
      await strangers[0]?.frame('connection_ready');
      expect((await upgrade(url)).status).toBe(101);
      for (const peer of strangers) peer.socket.terminate();
    });
  });

  it('have WS_HELLO_TIMEOUT_MS', async () => {
    await withService({ WS_HELLO_TIMEOUT_MS: '100' }, async (url) => {
      const peer = await Peer.open(url, { hello: null });
      expect((await peer.ended()).code).toBe(4008);
    });
  });
});

describe('connections of an address', () => {
  const from = async (url: string, forwarded: string, token: string): Promise<RawAnswer> =>
    upgrade(url, { headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': forwarded } });

  it('one over WS_MAX_CONNECTIONS_PER_ADDRESS is refused; other addresses are not', async () => {
    const env = { ...PRODUCTION, WS_MAX_CONNECTIONS_PER_ADDRESS: '2', WS_TRUSTED_PROXIES: 'loopback' };
    await withService(env, async (url) => {
      const token = await signToken({ sub: 'alice' });
      const headers = (address: string) => ({ authorization: `Bearer ${token}`, 'x-forwarded-for': address });
      const held = await Peer.ready(url, { headers: headers('203.0.113.7') });
      // An event stream is a connection as well.
      const stream = await EventStream.open(eventsAddress(url, 'alice'), headers('203.0.113.7'));
      expect(await from(url, '203.0.113.7', token)).toMatchObject(refusedUpgrade);
      // What a client writes itself stands left of what the proxy adds, and is not believed.
      expect(await from(url, '198.51.100.1, 203.0.113.7', token)).toMatchObject(refusedUpgrade);
      expect((await from(url, '203.0.113.8', token)).status).toBe(101);
      expect(await metric(url, /ws_limit_refusals_total\{limit="connections_per_address"\} (\d+)/)).toBe(2);
      await stream[Symbol.asyncDispose]();
      await expect.poll(async () => (await from(url, '203.0.113.7', token)).status).toBe(101);
      held.socket.terminate();
    });
  });

  it.each([
    ['IPv4 with a port', (n: number) => `203.0.113.7:${40_000 + n}`],
    ['IPv6 with a port', (n: number) => `[2001:db9::7]:${40_000 + n}`],
    ['IPv6 in brackets', () => '[2001:db9::7]'],
    ['an address that has no port and one that has', (n: number) => (n === 0 ? '203.0.113.7' : '203.0.113.7:1')],
    ['no addresses, which count as the proxy', (n: number) => ['unknown', '_hidden', '999.1.1.1', ''][n] ?? `x${n}`],
  ])('are counted together where the proxy writes %s', async (_name, forwarded) => {
    const env = { ...PRODUCTION, WS_MAX_CONNECTIONS_PER_ADDRESS: '2', WS_TRUSTED_PROXIES: 'loopback' };
    await withService(env, async (url) => {
      const token = await signToken({ sub: 'alice' });
      const held = [0, 1].map(async (n) => {
        const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': forwarded(n) };
        return Peer.ready(url, { headers });
      });
      const peers = await Promise.all(held);
      expect(await from(url, forwarded(2), token)).toMatchObject(refusedUpgrade);
      // Another client of the proxy is not held to it.
      expect((await from(url, '203.0.113.8:1', token)).status).toBe(101);
      for (const peer of peers) peer.socket.terminate();
    });
  });

  it('X-Forwarded-For of a proxy that is not trusted changes nothing', async () => {
    await withService({ ...PRODUCTION, WS_MAX_CONNECTIONS_PER_ADDRESS: '1' }, async (url) => {
      const token = await signToken({ sub: 'alice' });
      const held = await Peer.ready(url, { token });
      expect(await from(url, '203.0.113.9', token)).toMatchObject(refusedUpgrade);
      held.socket.terminate();
    });
  });

  it.each([
    ['one public address', ['203.0.113.7'], 1_000],
    ['all addresses of one IPv6 network', ['2001:db9::1', '2001:db9::2', '2001:db9:0:0:ffff::3'], 1_000],
    ['one address written in two ways', ['203.0.113.7', '::ffff:203.0.113.7'], 1_000],
    ['an address of the own network, which may be a proxy', ['10.0.0.1'], Infinity],
    ['the machine itself', ['127.0.0.1', '::1'], Infinity],
    ['a peer that is gone', ['unknown'], Infinity],
  ])('where nothing is set: %s', (_name, addresses, limit) => {
    let address = '';
    let refused = 0;
    const onRefused = (): void => void (refused += 1);
    const door = new AddressLimit({ limit: undefined, clientAddress: () => address, onRefused });
    const enter = (n: number): void => {
      address = addresses[n % addresses.length] ?? '';
      // Neither is looked at: the address is given, and nothing closes.
      door.enter({} as Parameters<AddressLimit['enter']>[0], { on: () => undefined });
    };
    for (let n = 0; n < 1_000; n += 1) enter(n);
    const next = (): void => enter(0);
    if (limit === Infinity) expect(next).not.toThrow();
    else expect(next).toThrow('too many connections');
    expect(refused).toBe(limit === Infinity ? 0 : 1);
  });
});

describe('sockets of an address, whatever is said on them', () => {
  const SOCKETS = 110;

  async function withSockets(url: string, work: (kept: () => number) => Promise<void>): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, async () => RawSocket.connect(url)));
    try {
      await work(() => sockets.filter(({ isOpen }) => isOpen).length);
    } finally {
      for (const socket of sockets) socket[Symbol.dispose]();
    }
  }

  it('are twice as many as its connections, and a hundred', async () => {
    await withService({ WS_MAX_CONNECTIONS_PER_ADDRESS: '1' }, async (url) => {
      await withSockets(url, async (kept) => expect.poll(kept).toBe(102));
      // While they are full there is no room for a question either.
      await expect
        .poll(async () =>
          call(`${url}/healthz`).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200);
      const refused = await metric(url, /ws_limit_refusals_total\{limit="sockets_per_address"\} (\d+)/);
      expect(refused).toBeGreaterThanOrEqual(SOCKETS - 102);
    });
  });

  it.each([
    [
      'the address is a trusted proxy',
      { ...PRODUCTION, WS_MAX_CONNECTIONS_PER_ADDRESS: '1', WS_TRUSTED_PROXIES: 'loopback' },
    ],
    ['it is of the own network, and nothing is set', {}],
  ])('have no limit where %s', async (_name, env) => {
    await withService(env, async (url) => {
      await withSockets(url, async (kept) => {
        expect((await call(`${url}/healthz`)).status).toBe(200);
        expect(kept()).toBe(SOCKETS);
      });
    });
  });
});

describe('frames and messages', () => {
  it('one frame over WS_MAX_FRAMES_PER_SECOND closes with 4029', async () => {
    await withService({ WS_MAX_FRAMES_PER_SECOND: '1' }, async (url) => {
      const peer = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
      // Ten seconds' worth, of which hello was one.
      for (let n = 0; n < 10; n += 1) peer.say({ type: 'ping', id: String(n) });
      expect((await peer.ended()).code).toBe(4029);
      expect(peer.frames.filter(({ type }) => type === 'pong')).toHaveLength(9);
      expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'RATE_LIMITED', fatal: true });
      expect(await metric(url, /ws_connections_rate_limited_total (\d+)/)).toBe(1);
      expect(await metric(url, /ws_connections_closed_total\{code="4029"\} (\d+)/)).toBe(1);
    });
  });

  it('one over WS_MAX_FRAMES_PER_SECOND_PER_USER closes with 4029, over all connections of the user', async () => {
    await withService({ WS_MAX_FRAMES_PER_SECOND_PER_USER: '1' }, async (url) => {
      const token = await tokenFor(url, 'alice');
      const [one, two] = [await Peer.ready(url, { token }), await Peer.ready(url, { token })];
      for (let n = 0; n < 6; n += 1) one.say({ type: 'ping', id: String(n) });
      await one.frame(({ id }) => id === '5');
      for (let n = 0; n < 5; n += 1) two.say({ type: 'ping', id: String(n) });
      expect((await two.ended()).code).toBe(4029);
      one.socket.terminate();
    });
  });

  it('bytes over WS_MAX_BYTES_PER_SECOND close with 4029', async () => {
    await withService({ WS_MAX_BYTES_PER_SECOND: '1000' }, async (url) => {
      const peer = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
      peer.say({ type: 'ping', pad: 'x'.repeat(9_000) });
      await peer.frame('pong');
      peer.say({ type: 'ping', pad: 'x'.repeat(9_000) });
      expect((await peer.ended()).code).toBe(4029);
    });
  });

  it('a message over WS_MAX_MESSAGE_BYTES closes with 1009, and clients are told the limit', async () => {
    await withService({ WS_MAX_MESSAGE_BYTES: '2048' }, async (url) => {
      const peer = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
      expect(peer.frames[0]).toMatchObject({ max_message_bytes: 2_048 });
      peer.say({ type: 'ping', pad: 'x'.repeat(2_048) });
      expect((await peer.ended()).code).toBe(1009);
    });
  });
});

describe('publishing large events', () => {
  const large = { type: 'app.file', payload: { text: 'x'.repeat(500_000) } };

  it('over WS_MAX_PUBLISH_BYTES_PER_SECOND is refused with 429, before its body is read', async () => {
    await withService({ WS_MAX_PUBLISH_BYTES_PER_SECOND: '65536' }, async (url) => {
      // Ten seconds' worth are 655,360 bytes, and no less than one request may have.
      for (let n = 0; n < 2; n += 1) await mustPublish(url, 'alice', [large]);
      const refused = await publish(url, 'alice', [large]);
      expect({ status: refused.status, code: errorCode(refused) }).toEqual({ status: 429, code: 'RATE_LIMITED' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await publish(url, 'alice', [note(1)])).status).toBe(200);
      expect(await metric(url, /ws_limit_refusals_total\{limit="publish_bytes"\} (\d+)/)).toBe(1);
    });
  });

  it('counts bodies in chunks, too', async () => {
    await withService({ WS_MAX_PUBLISH_BYTES_PER_SECOND: '65536' }, async (url) => {
      const body = (): ReadableStream => new Blob([JSON.stringify({ events: [large] })]).stream();
      const headers = { ...withKey, 'content-type': 'application/json' };
      const inChunks = async () =>
        // `duplex` is not in the types of the DOM.
        call(eventsAddress(url, 'alice'), { method: 'POST', headers, body: body(), duplex: 'half' } as RequestInit);
      const statuses: number[] = [];
      for (let n = 0; n < 4; n += 1) statuses.push((await inChunks()).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
    });
  });

  it('at most sixteen of a key are in memory at a time', async () => {
    await withService({}, async (url) => {
      const { length } = JSON.stringify({ events: [large] });
      const head = [
        'POST /v1/users/alice/events HTTP/1.1',
        'Host: localhost',
        'Authorization: Bearer dev-key',
        'Content-Type: application/json',
        `Content-Length: ${length}`,
      ];
      const sockets = await Promise.all(Array.from({ length: 17 }, async () => RawSocket.connect(url)));
      for (const socket of sockets) socket.lines(...head, '', '');
      await expect.poll(() => sockets.filter(({ statuses }) => statuses[0] === 429).length).toBe(1);
      expect((await publish(url, 'alice', [note(1)])).status).toBe(200);
      for (const socket of sockets) socket[Symbol.dispose]();
      await expect.poll(async () => (await publish(url, 'alice', [large])).status).toBe(200);
    });
  });
});

describe('reading history', () => {
  const large = { type: 'app.file', payload: { text: 'x'.repeat(700_000) } };
  const read = async (url: string, user: string, headers: Record<string, string>) =>
    call(eventsAddress(url, user), { headers });

  it('over WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER is refused with 429; other users and keys are not', async () => {
    await withService({ WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER: '65536' }, async (url) => {
      const asUser = async (user: string) => ({ authorization: `Bearer ${await tokenFor(url, user)}` });
      for (const user of ['alice', 'bob']) await mustPublish(url, user, [large]);
      const alice = await asUser('alice');
      const peer = await Peer.ready(url, { headers: alice });
      // Ten seconds' worth are fewer bytes than the one event has.
      expect((await read(url, 'alice', alice)).status).toBe(200);
      const refused = await read(url, 'alice', alice);
      expect({ status: refused.status, code: errorCode(refused) }).toEqual({ status: 429, code: 'RATE_LIMITED' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await read(url, 'bob', await asUser('bob'))).status).toBe(200);
      expect((await read(url, 'alice', withKey)).status).toBe(200);
      expect(await metric(url, /ws_limit_refusals_total\{limit="history_rate"\} (\d+)/)).toBe(1);
      expect(peer.closed).toBeUndefined();
      await peer.close();
    });
  });

  it('over WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY is refused with 429, whichever user it is about', async () => {
    await withService({ WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY: '65536' }, async (url) => {
      await mustPublish(url, 'alice', [large]);
      expect((await read(url, 'alice', withKey)).status).toBe(200);
      expect((await read(url, 'bob', withKey)).status).toBe(429);
    });
  });
});

describe('publishing', () => {
  const notes = (count: number) => Array.from({ length: count }, (_, n) => note(n));

  it('one event over the rate of its key is refused with 429, and Retry-After says when there is room', async () => {
    await withService({ WS_MAX_PUBLISH_PER_SECOND: '2' }, async (url) => {
      // A full request always fits; what is left of it is less than one event.
      expect((await publish(url, 'alice', notes(MAX_EVENTS))).status).toBe(200);
      const refused = await publish(url, 'alice', notes(10));
      expect({ status: refused.status, code: errorCode(refused) }).toEqual({ status: 429, code: 'RATE_LIMITED' });
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(refused.text).toContain('2 events per second');
      expect(await metric(url, /ws_limit_refusals_total\{limit="publish_rate"\} (\d+)/)).toBe(1);
      // Nothing of it was written.
      const history = await call(eventsAddress(url, 'alice', '?limit=1'), { headers: withKey });
      expect(history.body).toMatchObject({ head_offset: MAX_EVENTS });
    });
  });

  it('a body over WS_MAX_BODY_BYTES is refused with 413, and one nested deeper than WS_MAX_JSON_DEPTH with 400', async () => {
    await withService({ WS_MAX_BODY_BYTES: '2000', WS_MAX_JSON_DEPTH: '8' }, async (url) => {
      const big = await publish(url, 'alice', [{ type: 'app.note', payload: { text: 'x'.repeat(2_000) } }]);
      expect({ status: big.status, code: errorCode(big) }).toEqual({ status: 413, code: 'MESSAGE_TOO_BIG' });
      const deep = await publish(url, 'alice', [{ type: 'app.note', payload: { a: [[[[[]]]]] } }]);
      expect({ status: deep.status, code: errorCode(deep) }).toEqual({ status: 400, code: 'BAD_JSON' });
      const fits = await publish(url, 'alice', [{ type: 'app.note', payload: { a: [[[[]]]] } }]);
      expect(fits.status).toBe(200);
      // A frame is held to the same depth, and counts like a body.
      const peer = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
      peer.say({ type: 'ping', pad: [[[[[[[[]]]]]]]] });
      expect((await peer.ended()).code).toBe(4500);
      for (let scrape = 0; scrape < 2; scrape += 1) {
        expect(await metric(url, /ws_limit_refusals_total\{limit="json_depth"\} (\d+)/)).toBe(2);
      }
    });
  });

  it('one run over WS_MAX_OPEN_RUNS_PER_USER is refused with 429, until another has ended', async () => {
    await withService({ WS_MAX_OPEN_RUNS_PER_USER: '1' }, async (url) => {
      await mustPublish(url, 'alice', [started('r1')]);
      const refused = await publish(url, 'alice', [started('r2')]);
      expect({ status: refused.status, code: errorCode(refused) }).toEqual({ status: 429, code: 'RUN_LIMIT' });
      await mustPublish(url, 'bob', [started('r1')]);
      await mustPublish(url, 'alice', [completed('r1'), started('r2')]);
      expect(await metric(url, /ws_limit_refusals_total\{limit="open_runs"\} (\d+)/)).toBe(1);
    });
  });
});
