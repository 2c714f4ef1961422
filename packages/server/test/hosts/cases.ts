import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { BUDGET_BYTES, CONNECTIONS_PER_ADDRESS, HEARTBEAT_MS } from './contract.ts';
import { EventStream } from './event-stream.ts';
import { clientWithoutWebSockets } from './no-web-sockets.ts';
import type { RunningHost } from './running-host.ts';
import { call, publish, RefusedUpgrade, until, Visitor, type VisitOptions } from './visitor.ts';

/** A promise of the protocol, tried on a host. Each has users of its own. */
export interface Case {
  readonly name: string;
  readonly run: (host: RunningHost) => Promise<void>;
}

const LONG = 'x'.repeat(50_000);
/** More than the buffers of two kernels take. */
const MANY = 300;

export const CASES: readonly Case[] = [
  {
    name: 'publish',
    async run(host) {
      const event = { type: 'note', event_id: 'e1', payload: { text: 'one' } };
      const send = async (): Promise<unknown> =>
        (await call(host, '/v1/users/publisher/events', { events: [event] })).json();
      const answer = await send();
      assert.deepEqual(await send(), answer, 'the same event has the same offset');
      const page = await fetch(`${host.api}/v1/events`, { headers: { cookie: 'session=publisher' } });
      const { events } = (await page.json()) as { readonly events: readonly { readonly payload: unknown }[] };
      assert.deepEqual(
        events.map(({ payload }) => payload),
        [{ text: 'one' }],
      );
    },
  },
  {
    name: 'deliver',
    async run(host) {
      await publish(host, 'reader', 'one');
      const visitor = await Visitor.of(host, 'reader');
      await visitor.frame(({ payload }) => payload?.text === 'one');
      await publish(host, 'reader', 'two');
      await visitor.frame(({ payload }) => payload?.text === 'two');
      assert.deepEqual(visitor.notes, ['one', 'two']);
      visitor.socket.close();
      await visitor.closed;
    },
  },
  {
    name: 'resume',
    async run(host) {
      const first = await Visitor.of(host, 'returner');
      const { epoch } = await first.ofType('connection_ready');
      await publish(host, 'returner', 'one', 'two');
      await first.frame(({ payload }) => payload?.text === 'two');
      first.socket.terminate();
      await publish(host, 'returner', 'three');
      const second = await Visitor.of(host, 'returner', { hello: { from: { epoch, offset: 2 } } });
      assert.equal((await second.ofType('connection_ready')).recovery, 'resumed');
      await second.ofType('note');
      assert.deepEqual(second.notes, ['three']);
      const third = await Visitor.of(host, 'returner', { hello: { from: { epoch: 'another', offset: 2 } } });
      assert.equal((await third.ofType('connection_ready')).recovery, 'reset');
      for (const { socket } of [second, third]) socket.terminate();
    },
  },
  {
    name: 'user message',
    async run(host) {
      const visitor = await Visitor.of(host, 'asker');
      await visitor.ofType('connection_ready');
      visitor.say({ type: 'user_message', message_id: 'm1', payload: { text: 'hello' } });
      assert.equal((await visitor.ofType('accepted')).ref, 'm1');
      const { payload } = await visitor.ofType('agent_completed');
      assert.deepEqual([payload?.status, payload?.final_response], ['completed', 'hello']);
      visitor.socket.terminate();
    },
  },
  {
    name: 'routes of the application',
    async run(host) {
      assert.equal(await (await fetch(`${host.url}/own`)).text(), 'own');
    },
  },
  {
    name: 'refused: origin, subprotocol',
    async run(host) {
      const cookie = 'session=foreigner';
      const evil = await refusal(host, { headers: { cookie, origin: 'https://evil.example.com' } });
      assert.match(evil, /^403 .*"ORIGIN_NOT_ALLOWED"/);
      assert.match(await refusal(host, { protocol: 'chat' }), /^400 .*"SUBPROTOCOL_REQUIRED"/);
      const allowed = await Visitor.of(host, 'foreigner', { headers: { cookie, origin: 'https://app.example.com' } });
      await allowed.ofType('connection_ready');
      allowed.socket.terminate();
      const call = await fetch(`${host.api}/v1/events`, { headers: { cookie, origin: 'https://evil.example.com' } });
      assert.equal(call.status, 403);
    },
  },
  {
    name: 'refused: another path',
    async run(host) {
      assert.match(await refusal(host, { path: '/elsewhere' }), /^404 /);
    },
  },
  {
    name: 'refused: credential',
    async run(host) {
      for (const [user, code, close] of [
        ['expired', 'CREDENTIAL_EXPIRED', 4001],
        ['stolen', 'CREDENTIAL_INVALID', 4501],
      ] as const) {
        const visitor = await Visitor.of(host, user);
        assert.equal(await visitor.closed, close);
        assert.deepEqual(
          visitor.frames.map((frame) => frame.code),
          [code],
        );
        const answer = await fetch(`${host.api}/v1/events`, { headers: { cookie: `session=${user}` } });
        assert.equal(answer.status, 401);
      }
      const nobody = await Visitor.of(host, '', { headers: {} });
      assert.equal(await nobody.closed, 4501);
    },
  },
  {
    name: 'refused: too many of an address',
    async run(host) {
      await noneIsOpen(host);
      const many = await Promise.all(
        Array.from({ length: CONNECTIONS_PER_ADDRESS }, async (_, n) => Visitor.of(host, `crowd-${n}`)),
      );
      for (const visitor of many) await visitor.ofType('connection_ready');
      assert.match(await refusal(host, {}), /^429 .*"TOO_MANY_CONNECTIONS"/);
      for (const { socket } of many) socket.close();
      await Promise.all(many.map(async ({ closed }) => closed));
      await noneIsOpen(host);
      const next = await Visitor.of(host, 'crowd-0');
      await next.ofType('connection_ready');
      next.socket.terminate();
    },
  },
  {
    name: 'refused early: a body that is still sent',
    async run(host) {
      const answer = await fetch(`${host.api}/v1/users/a/events`, {
        method: 'POST',
        // Frameworks take text from nowhere for a form of another site.
        headers: { 'content-type': 'application/json' },
        body: 'x'.repeat(3_000_000),
      });
      assert.equal(answer.status, 401);
      assert.equal(((await answer.json()) as { readonly code: string }).code, 'CREDENTIAL_MISSING');
    },
  },
  {
    name: 'close codes',
    async run(host) {
      const faults: readonly (readonly [number, (visitor: Visitor) => void])[] = [
        [4500, (visitor) => visitor.socket.send(Buffer.from('binary'))],
        [4500, (visitor) => visitor.socket.send('{ no JSON')],
        [4500, (visitor) => visitor.say({ type: 'hello' })],
        [1009, (visitor) => visitor.socket.send(`"${'x'.repeat(70_000)}"`)],
        [4029, (visitor) => Array.from({ length: 1_200 }, () => visitor.say({ type: 'ping' }))],
      ];
      for (const [code, fault] of faults) {
        const visitor = await Visitor.of(host, 'offender');
        await visitor.ofType('connection_ready');
        fault(visitor);
        assert.equal(await visitor.closed, code);
      }
    },
  },
  {
    name: 'heartbeat: a quiet client stays',
    async run(host) {
      const visitor = await Visitor.of(host, 'listener');
      await visitor.ofType('connection_ready');
      await wait(2.6 * HEARTBEAT_MS);
      await publish(host, 'listener', 'still there?');
      await visitor.ofType('note');
      visitor.socket.terminate();
    },
  },
  {
    name: 'slow reader',
    async run(host) {
      await noneIsOpen(host);
      const slow = await Visitor.of(host, 'slow');
      await slow.ofType('connection_ready');
      slow.socket.pause();
      for (let n = 0; n < MANY / 10; n += 1) {
        await publish(host, 'slow', ...Array.from({ length: 10 }, (_, m) => `${n * 10 + m} ${LONG}`));
      }
      await isBounded(host);
      slow.socket.resume();
      await until(
        () => slow.notes.length >= MANY,
        () => `${slow.notes.length} of ${MANY} events came`,
      );
      assert.deepEqual(
        slow.notes.map((text) => Number(text.split(' ')[0])),
        Array.from({ length: MANY }, (_, n) => n),
      );
      slow.socket.terminate();
    },
  },
  {
    name: 'ticket',
    async run(host) {
      const issued = await call(host, '/v1/tickets', { user_id: 'holder' });
      const { ticket } = (await issued.json()) as { readonly ticket: string };
      const path = `${host.webSocketPath}?ticket=${ticket}`;
      const visitor = await Visitor.of(host, 'holder', { path, headers: {} });
      await visitor.ofType('connection_ready');
      const again = await Visitor.of(host, 'holder', { path, headers: {} });
      assert.equal(await again.closed, 4501);
      visitor.socket.terminate();
    },
  },
  {
    name: 'SSE',
    async run(host) {
      await noneIsOpen(host);
      await publish(host, 'streamer', 'one', 'two');
      const first = await EventStream.of(host, 'streamer');
      await first.contains('"text":"two"');
      await publish(host, 'streamer', 'three');
      await first.contains('"text":"three"');
      const [, lastId = ''] = first.ids;
      first.abort();
      await noneIsOpen(host);
      const second = await EventStream.of(host, 'streamer', { 'last-event-id': lastId });
      await second.contains('"text":"three"');
      assert.equal(second.ids.length, 1, 'it goes on after the last id');
      second.abort();
    },
  },
  {
    name: 'SSE: slow reader',
    async run(host) {
      await noneIsOpen(host);
      const slow = await EventStream.unread(host, 'slow-streamer');
      for (let n = 0; n < MANY / 10; n += 1) {
        await publish(host, 'slow-streamer', ...Array.from({ length: 10 }, (_, m) => `${n * 10 + m} ${LONG}`));
      }
      await isBounded(host);
      const stream = slow.read();
      await until(
        () => stream.ids.length >= MANY,
        () => `${stream.ids.length} of ${MANY} events came`,
      );
      stream.abort();
    },
  },
  {
    name: 'falls back to HTTP',
    async run(host) {
      await noneIsOpen(host);
      await publish(host, 'blocked', 'one');
      await using blocked = await clientWithoutWebSockets(host, 'blocked');
      const { client, texts, errors } = blocked;
      await until(
        () => client.state.status === 'live',
        () => `the client is ${client.state.status}: ${errors.join(', ')}`,
      );
      assert.equal(client.transport, 'sse');
      await publish(host, 'blocked', 'two');
      await client.sendMessage({ text: 'hello' });
      await until(
        () => texts.length === 3,
        () => `texts were ${JSON.stringify(texts)}`,
      );
      assert.deepEqual(texts, ['one', 'two', 'hello']);
    },
  },
  {
    name: 'drain',
    async run(host) {
      const visitor = await Visitor.of(host, 'leaver');
      await visitor.ofType('connection_ready');
      const stream = await EventStream.of(host, 'leaver');
      await stream.contains('connection_ready');
      await host.drain();
      assert.equal(await visitor.closed, 1012);
      await visitor.ofType('server_draining');
      await stream.contains('event: close');
      await until(
        () => stream.isOver,
        () => 'the event stream ends',
      );
      await assert.rejects(async () => Visitor.of(host, 'leaver'));
      // The server of the application is the application's.
      if (host.api !== host.url) assert.equal(await (await fetch(`${host.url}/own`)).text(), 'own');
    },
  },
];

/** How an upgrade is refused: status and body. */
async function refusal(host: RunningHost, options: VisitOptions): Promise<string> {
  try {
    await Visitor.of(host, 'refused', options);
  } catch (error) {
    if (error instanceof RefusedUpgrade) return `${error.status} ${error.body}`;
    throw error;
  }
  throw new Error('the upgrade was taken');
}

async function noneIsOpen(host: RunningHost): Promise<void> {
  await until(
    async () => (await host.stats()).sockets + (await openConnections(host)) === 0,
    () => 'a connection is still open',
  );
}

async function openConnections(host: RunningHost): Promise<number> {
  const { connections } = await host.stats();
  return connections.live + connections.lagging + connections.catching_up;
}

/** A reader that takes nothing stays behind, and costs its budget and the event that passed it. */
async function isBounded(host: RunningHost): Promise<void> {
  let behind = 0;
  const { bufferedBytes } = await until(
    async () => {
      const totals = await host.stats();
      const stands = totals.maxBehind > 0 && totals.maxBehind === behind;
      behind = totals.maxBehind;
      if (!stands) await wait(200);
      return stands && totals;
    },
    () => `the reader is ${behind} events behind`,
  );
  assert.ok(bufferedBytes < BUDGET_BYTES + 2 * LONG.length, `${bufferedBytes} bytes wait`);
}
