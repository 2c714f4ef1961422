import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ClientOptions } from '../src/client-options.ts';
import { FakeServer } from './support/fake-server.ts';
import { connected, record, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const NEVER = new Promise<never>(() => undefined);
const kept = { epoch: 'e1', offset: 1 };

/** A function that gives no answer the first time, and the second time one. */
function slow<Answer>(answer: Answer) {
  const asked = vi.fn((): Answer | Promise<Answer> => (asked.mock.calls.length === 1 ? NEVER : answer));
  return asked;
}

/** What the application may leave unanswered on the way to a connection. */
const CALLBACKS: readonly (readonly [string, () => readonly [ReturnType<typeof slow>, Partial<ClientOptions>]])[] = [
  [
    'token',
    () => {
      const token = slow('a.b.c');
      return [token, { token }];
    },
  ],
  [
    'url',
    () => {
      const url = slow('ws://server/ws');
      return [url, { url }];
    },
  ],
  [
    'store.load',
    () => {
      const load = slow(kept);
      return [load, { store: { load, save: () => undefined } }];
    },
  ],
];

function serverWithTwo(): FakeServer {
  const server = new FakeServer();
  for (const delta of ['a', 'b']) server.append('agent_thinking', { delta });
  return server;
}

function stubPage() {
  const page = new EventTarget();
  const shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', shown);
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    online: () => page.dispatchEvent(new Event('online')),
    show: () => shown.dispatchEvent(new Event('visibilitychange')),
  };
}

describe.each(CALLBACKS)('%s that gives no answer', (callback, make) => {
  it('is reported when its time is up, and asked again', async () => {
    const [asked, options] = make();
    const { client, clock, errors } = await connected({ ...options, connectTimeoutMs: 1_000 }, serverWithTwo());
    await clock.advance(999);
    expect([client.state.status, errors]).toEqual(['connecting', []]);
    await clock.advance(1);
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'CALLBACK_FAILED' } });
    expect(errors).toMatchObject([{ details: { callback }, cause: { message: 'no answer within 1000 ms' } }]);
    await clock.advance(500);
    expect([client.state.status, asked.mock.calls.length]).toEqual(['live', 2]);
  });

  it.each(['connect()', 'online', 'shown'] as const)('is asked again at once by %s', async (how) => {
    const page = stubPage();
    const [asked, options] = make();
    const { client, server, clock } = await connected(options, serverWithTwo());
    const again = { 'connect()': () => client.connect(), online: page.online, shown: page.show }[how];
    // An answer may take a moment: the first look at a page is no reason to ask twice.
    again();
    await clock.advance(900);
    again();
    await settle();
    expect(asked).toHaveBeenCalledTimes(1);
    await clock.advance(100);
    again();
    await settle();
    expect([client.state.status, asked.mock.calls.length, server.connections.length]).toEqual(['live', 2, 1]);
  });
});

it('a position that comes at the second try is gone on from, and one that comes too late is not', async () => {
  let late: (position: typeof kept) => void = () => undefined;
  const answers = [new Promise<typeof kept>((resolve) => (late = resolve)), kept];
  const store = { load: () => answers.shift() ?? null, save: () => undefined };
  const { client, clock } = setup({ store, connectTimeoutMs: 1_000 }, serverWithTwo());
  const seen = record(client);
  client.connect();
  await clock.advance(1_500);
  expect(seen).toEqual([2]);
  late({ epoch: 'e1', offset: 0 });
  await settle();
  expect([client.position, seen]).toEqual([{ epoch: 'e1', offset: 2 }, [2]]);
});

it('a token that comes too late opens nothing', async () => {
  let late: (token: string) => void = () => undefined;
  const answers = [new Promise<string>((resolve) => (late = resolve)), 'second'];
  const { server, clock } = await connected({ token: () => answers.shift() ?? 'more', connectTimeoutMs: 1_000 });
  await clock.advance(1_500);
  late('first');
  await settle();
  expect(server.connections.map(({ socket }) => socket.protocols[1])).toEqual(['jwt.second']);
});

it('a renewal that gives no answer is reported, and asked again while the connection lives', async () => {
  const answers: (string | Promise<string>)[] = ['a.b.c', NEVER];
  const token = (): string | Promise<string> => answers.shift() ?? 'd.e.f';
  const { client, server, clock, errors } = await connected({ token });
  server.connection.send({ type: 'auth_expiring', expires_at: 5 });
  await clock.advance(10_000);
  expect(errors.map(({ details }) => details)).toEqual([{ callback: 'token' }]);
  await clock.advance(1_000);
  expect(server.connection.frames('auth')).toHaveLength(1);
  expect(client.state.status).toBe('live');
});

it.each(['connect()', 'online', 'shown'] as const)(
  'a socket that does not open is tried again at once by %s',
  async (how) => {
    const page = stubPage();
    const server = new FakeServer();
    server.door = 'hang';
    const { client, clock } = await connected({}, server);
    await clock.advance(2_000);
    server.door = 'open';
    ({ 'connect()': () => client.connect(), online: page.online, shown: page.show })[how]();
    await settle();
    expect([client.state.status, server.connections.length]).toEqual(['live', 2]);
    expect(server.connections[0]?.closedWith).toBe(1000);
  },
);
