import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mustPublish, tokenFor } from './support/http.ts';
import { note } from './support/events.ts';
import { Peer, type PeerOptions } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

const service = useService({}, () => undefined);

interface BadCase {
  readonly name: string;
  /** What the peer sends instead of, or after, a good hello. */
  readonly send: (peer: Peer) => void;
  readonly close: number;
  /** Code of the `error` frame before the close. */
  readonly code: string;
}

const big = (length: number): string => 'x'.repeat(length);
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const BEFORE_HELLO: readonly BadCase[] = [
  { name: 'another frame first', send: (it) => it.say({ type: 'ping' }), close: 4500, code: 'HELLO_EXPECTED' },
  { name: 'text that is not JSON', send: (it) => it.sayText('{"type":'), close: 4500, code: 'BAD_JSON' },
  { name: 'an empty message', send: (it) => it.sayText(''), close: 4500, code: 'BAD_JSON' },
  { name: 'null', send: (it) => it.sayText('null'), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'a number', send: (it) => it.sayText('1e400'), close: 4500, code: 'UNKNOWN_FRAME' },
  {
    name: 'an array of frames',
    send: (it) => it.sayText('[{"type":"hello"}]'),
    close: 4500,
    code: 'UNKNOWN_FRAME',
  },
  { name: 'a frame without type', send: (it) => it.sayText('{}'), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'a type that is no text', send: (it) => it.say({ type: 5 }), close: 4500, code: 'UNKNOWN_FRAME' },
  {
    name: 'a binary hello',
    send: (it) => it.socket.send(Buffer.from('{"type":"hello"}')),
    close: 4500,
    code: 'BINARY_FRAME',
  },
  {
    name: 'an offset without its epoch',
    send: (it) => it.say({ type: 'hello', from: { offset: 5 } }),
    close: 4500,
    code: 'INVALID_FRAME',
  },
  {
    name: 'a negative offset',
    send: (it) => it.say({ type: 'hello', from: { epoch: 'e', offset: -1 } }),
    close: 4500,
    code: 'INVALID_FRAME',
  },
  {
    name: 'an offset beyond all integers',
    send: (it) => it.sayText('{"type":"hello","resume":{"epoch":"e","offset":1e300}}'),
    close: 4500,
    code: 'INVALID_FRAME',
  },
  {
    name: 'too many threads',
    send: (it) => it.say({ type: 'hello', threads: Array.from({ length: 101 }, (_, n) => `t${n}`) }),
    close: 4500,
    code: 'INVALID_FRAME',
  },
  {
    name: 'threads that are not ids',
    send: (it) => it.say({ type: 'hello', threads: ['a b'] }),
    close: 4500,
    code: 'INVALID_FRAME',
  },
  {
    name: 'batch that is no boolean',
    send: (it) => it.say({ type: 'hello', batch: 'yes' }),
    close: 4500,
    code: 'INVALID_FRAME',
  },
];

const AFTER_HELLO: readonly BadCase[] = [
  { name: 'a second hello', send: (it) => it.say({ type: 'hello' }), close: 4500, code: 'HELLO_EXPECTED' },
  { name: 'an unknown frame', send: (it) => it.say({ type: 'dance' }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'an event', send: (it) => it.say({ type: 'agent_started' }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'a frame of the server', send: (it) => it.say({ type: 'pong' }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'type constructor', send: (it) => it.say({ type: 'constructor' }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'type __proto__', send: (it) => it.say({ type: '__proto__' }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'a type of 60,000 letters', send: (it) => it.say({ type: big(60_000) }), close: 4500, code: 'UNKNOWN_FRAME' },
  { name: 'bad JSON', send: (it) => it.sayText('{"type":"ping"'), close: 4500, code: 'BAD_JSON' },
  { name: 'a binary frame', send: (it) => it.socket.send(new Uint8Array(3)), close: 4500, code: 'BINARY_FRAME' },
  { name: 'an empty binary frame', send: (it) => it.socket.send(Buffer.alloc(0)), close: 4500, code: 'BINARY_FRAME' },
  { name: 'deep JSON alone', send: (it) => it.sayText(nested(32_000)), close: 4500, code: 'BAD_JSON' },
  {
    name: 'deep JSON in a field',
    send: (it) => it.sayText(`{"type":"user_message","message_id":"m","payload":{"text":${nested(30_000)}}}`),
    close: 4500,
    code: 'BAD_JSON',
  },
];

interface IllFormed {
  readonly name: string;
  readonly frame: object | string;
  /** What the answer refers to, where the frame had an id that could be read. */
  readonly ref?: string;
}

const ILL_FORMED: readonly IllFormed[] = [
  { name: 'ack without offset', frame: { type: 'ack' } },
  { name: 'ack of a text', frame: { type: 'ack', offset: '5' } },
  { name: 'ack of a fraction', frame: { type: 'ack', offset: 1.5 } },
  { name: 'auth without token', frame: { type: 'auth' } },
  { name: 'auth with a huge token', frame: { type: 'auth', token: big(20_000) } },
  { name: 'ping with a list', frame: { type: 'ping', id: [] } },
  { name: 'ping with a huge id', frame: { type: 'ping', id: big(129) } },
  { name: 'cancel_run without run', frame: { type: 'cancel_run' } },
  { name: 'cancel_run of a huge id', frame: { type: 'cancel_run', run_id: big(129) } },
  { name: 'a message id with blanks', frame: { type: 'user_message', message_id: 'a b', payload: { text: 'x' } } },
  { name: 'a message without text', frame: { type: 'user_message', message_id: 'm', payload: {} }, ref: 'm' },
  { name: 'an empty message', frame: { type: 'user_message', message_id: 'm', payload: { text: '' } }, ref: 'm' },
  {
    name: 'a text that is nested JSON',
    frame: `{"type":"user_message","message_id":"m","payload":{"text":${nested(100)}}}`,
    ref: 'm',
  },
  { name: 'an approval without decision', frame: { type: 'tool_approval', run_id: 'r', tool_call_id: 'c' }, ref: 'c' },
];

describe('bad input closes the connection that sent it, and no other', () => {
  let other: Peer;
  let otherUser: string;
  let user: string;
  const opened: Peer[] = [];

  async function open(options: PeerOptions): Promise<Peer> {
    const peer = await Peer.open(service.url, options);
    opened.push(peer);
    return peer;
  }

  beforeEach(async () => {
    user = freshUser();
    otherUser = freshUser();
    other = await open({ token: await tokenFor(service.url, otherUser) });
    await other.frame('connection_ready');
  });

  // After every case: whoever else is connected is still served.
  afterEach(async () => {
    const [offset] = await mustPublish(service.url, otherUser, [note(1)]);
    await other.frame((frame) => frame['offset'] === offset && frame.type === 'app.note');
    for (const peer of opened.splice(0)) peer.socket.terminate();
  });

  async function expectRefusal(peer: Peer, { close, code }: Pick<BadCase, 'close' | 'code'>): Promise<void> {
    expect((await peer.ended()).code).toBe(close);
    const last = peer.frames.at(-1);
    expect(last).toMatchObject({ type: 'error', code, fatal: true });
    expect(typeof last?.['message']).toBe('string');
    // The peer's own text is not thrown back at it in full.
    expect(JSON.stringify(last).length).toBeLessThan(1_000);
  }

  it.each(BEFORE_HELLO)('before hello: $name → $close $code', async ({ send, close, code }) => {
    const peer = await open({ token: await tokenFor(service.url, user), hello: null });
    send(peer);
    await expectRefusal(peer, { close, code });
    expect(peer.frames).toHaveLength(1);
  });

  it.each(AFTER_HELLO)('after hello: $name → $close $code', async ({ send, close, code }) => {
    const peer = await open({ token: await tokenFor(service.url, user) });
    await peer.frame('connection_ready');
    send(peer);
    await expectRefusal(peer, { close, code });
  });

  it.each(ILL_FORMED)(
    'a known frame, ill-formed: $name → error, and the connection goes on',
    async ({ frame, ref }) => {
      const peer = await open({ token: await tokenFor(service.url, user) });
      await peer.frame('connection_ready');
      if (typeof frame === 'string') peer.sayText(frame);
      else peer.say(frame);
      const error = await peer.frame('error');
      expect(error).toMatchObject({ code: 'INVALID_FRAME', fatal: false });
      expect(error['ref']).toBe(ref);
      expect(JSON.stringify(error).length).toBeLessThan(1_000);
      peer.say({ type: 'ping' });
      await peer.frame('pong');
    },
  );

  it.each([
    { name: 'no credential anywhere', hello: {}, code: 'CREDENTIAL_MISSING' },
    { name: 'a token that is none', hello: { token: 'nonsense' }, code: 'CREDENTIAL_INVALID' },
    {
      name: 'a token of another key',
      hello: { token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA' },
      code: 'CREDENTIAL_INVALID',
    },
    { name: 'an unsigned token', hello: { token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.' }, code: 'CREDENTIAL_INVALID' },
  ])('$name → 4501 $code', async ({ hello, code }) => {
    const peer = await open({ hello });
    await expectRefusal(peer, { close: 4501, code });
  });

  it('a frame over the limit → 1009, before it is read whole', async () => {
    const peer = await open({ token: await tokenFor(service.url, user) });
    const ready = await peer.frame('connection_ready');
    const limit = ready['max_message_bytes'] as number;
    peer.sayText(JSON.stringify({ type: 'ping', pad: big(limit) }));
    expect((await peer.ended()).code).toBe(1009);
  });

  it('a frame of exactly the limit is taken', async () => {
    const peer = await open({ token: await tokenFor(service.url, user) });
    const ready = await peer.frame('connection_ready');
    const empty = JSON.stringify({ type: 'ping', pad: '' }).length;
    peer.say({ type: 'ping', pad: big((ready['max_message_bytes'] as number) - empty) });
    await peer.frame('pong');
  });

  it('one message in many fragments over the limit → 1009', async () => {
    const peer = await open({ token: await tokenFor(service.url, user) });
    await peer.frame('connection_ready');
    for (let n = 0; n < 20 && peer.closed === undefined; n += 1) peer.socket.send(big(4_000), { fin: false });
    expect((await peer.ended()).code).toBe(1009);
  });

  it('hello for a thread the credential does not allow → 4503', async () => {
    const peer = await open({ token: await tokenFor(service.url, user, ['t1']), hello: { threads: ['t1', 't2'] } });
    await expectRefusal(peer, { close: 4503, code: 'THREAD_NOT_ALLOWED' });
  });

  it('keys of the prototype in a frame are data and nothing else', async () => {
    const peer = await open({ token: await tokenFor(service.url, user), hello: null });
    peer.sayText('{"type":"hello","__proto__":{"batch":true},"constructor":{"prototype":{"polluted":true}}}');
    await peer.frame('connection_ready');
    peer.sayText('{"type":"ping","id":"__proto__"}');
    expect(await peer.frame('pong')).toMatchObject({ id: '__proto__' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a message to a thread the credential does not allow is refused, and the connection stays', async () => {
    const peer = await open({ token: await tokenFor(service.url, user, ['t1']) });
    await peer.frame('connection_ready');
    peer.say({ type: 'user_message', message_id: 'm1', thread_id: 't2', payload: { text: 'hi' } });
    expect(await peer.frame('error')).toMatchObject({ code: 'THREAD_NOT_ALLOWED', fatal: false, ref: 'm1' });
    peer.say({ type: 'user_message', message_id: 'm2', thread_id: 't1', payload: { text: 'hi' } });
    await peer.frame('accepted');
    expect(peer.events.map(({ thread_id }) => thread_id)).toEqual(['t1']);
  });

  it('a flood of frames before connection_ready → 4029', async () => {
    const peer = await open({ hello: null });
    peer.say({ type: 'hello', token: await tokenFor(service.url, user) });
    for (let n = 0; n < 200; n += 1) peer.say({ type: 'ping', id: String(n) });
    await peer.until(
      () => peer.closed !== undefined || peer.frames.some(({ id }) => id === '199'),
      'an end or all pongs',
    );
    // A fast server has answered hello before the flood; a slow one refuses it. Nothing between.
    if (peer.closed !== undefined) await expectRefusal(peer, { close: 4029, code: 'RATE_LIMITED' });
  });
});
