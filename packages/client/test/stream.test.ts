import { describe, expect, it } from 'vitest';
import { CONTROL_FRAME_SCHEMAS, SIGNAL_NAMES } from '@ws/types';
import { FakeServer } from './support/fake-server.ts';
import { connected, record, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const delta = (text: string) => ({ delta: text });

describe('delivery', () => {
  it('hands typed events to handlers of the type and of *, in order', async () => {
    const { client, server } = await connected();
    const seen: string[] = [];
    client.on('agent_thinking', (event) => seen.push(event.payload.delta));
    client.on('*', (event) => seen.push(event.type));
    server.emit('agent_thinking', delta('Look'));
    server.emit('made_up_by_the_application', { any: 'thing' });
    expect(seen).toEqual(['Look', 'agent_thinking', 'made_up_by_the_application']);
    expect(client.position).toEqual({ epoch: 'e1', offset: 2 });
  });

  it('stops calling a handler that was taken off, and one added twice only once less', async () => {
    const { client, server } = await connected();
    let calls = 0;
    const handler = () => (calls += 1);
    const off = client.on('agent_thinking', handler);
    client.on('agent_thinking', handler);
    off();
    off();
    server.emit('agent_thinking', delta('a'));
    expect(calls).toBe(1);
  });

  it('tells replay from live', async () => {
    const server = new FakeServer();
    server.append('agent_thinking', delta('a'));
    server.append('agent_thinking', delta('b'));
    const { client, statuses } = setup({ from: 'earliest' }, server);
    const replay: boolean[] = [];
    client.on('*', (_, context) => replay.push(context.replay));
    client.connect();
    await settle();
    server.emit('agent_thinking', delta('c'));
    expect(replay).toEqual([true, true, false]);
    expect(statuses()).toEqual(['connecting', 'catching_up', 'live']);
  });

  it('reads several frames of one message', async () => {
    const { client, server } = await connected();
    const seen = record(client);
    const [a, b] = [server.append('agent_thinking', delta('a')), server.append('agent_thinking', delta('b'))];
    server.connection.send([a, { type: 'mode_changed', mode: 'emergency', reason: 'memory' }, b]);
    expect(seen).toEqual([1, 2]);
    expect(client.mode).toBe('emergency');
  });

  it('begins with the latest event, and with the earliest or behind a position when asked to', async () => {
    for (const [from, offsets] of [
      ['latest', []],
      ['earliest', [1, 2, 3]],
      [{ epoch: 'e1', offset: 2 }, [3]],
    ] as const) {
      const server = new FakeServer();
      for (const text of ['a', 'b', 'c']) server.append('agent_thinking', delta(text));
      const { client } = setup({ from }, server);
      const seen = record(client);
      client.connect();
      await settle();
      expect(seen).toEqual(offsets);
    }
  });

  it.each([
    ['latest', undefined],
    ['earliest', { offset: 0 }],
    [
      { epoch: 'e1', offset: 2 },
      { epoch: 'e1', offset: 2 },
    ],
  ] as const)('asks for %j in the words of servers of the first version: they know no `from`', async (from, resume) => {
    const { server } = await connected({ from });
    const hello = JSON.parse(server.connection.texts[0] ?? '') as object;
    expect(hello).toEqual({ type: 'hello', batch: true, parts: true, ...(resume === undefined ? {} : { resume }) });
  });

  it('asks for its threads', async () => {
    const { server } = await connected({ threads: ['t1', 't2'], batch: false });
    expect(server.connection.frames('hello')).toEqual([
      { type: 'hello', threads: ['t1', 't2'], batch: false, parts: true },
    ]);
  });
});

describe('resuming', () => {
  it('goes on where it was', async () => {
    const { client, server, clock } = await connected();
    const seen = record(client);
    server.emit('agent_thinking', delta('a'));
    server.connection.close(1006);
    server.append('agent_thinking', delta('b'));
    await clock.advance(500);
    expect(server.connection.frames('hello')[0]?.from).toEqual({ epoch: 'e1', offset: 1 });
    expect(seen).toEqual([1, 2]);
  });

  it('drops what it has seen', async () => {
    const { client, server } = await connected();
    const seen = record(client);
    const event = server.emit('agent_thinking', delta('a'));
    server.connection.send(event);
    server.emit('agent_thinking', delta('b'));
    expect(seen).toEqual([1, 2]);
  });

  it('takes a gap for a reason to resume, and delivers nothing across it', async () => {
    const { client, server, clock, errors } = await connected();
    const seen = record(client);
    server.append('agent_thinking', delta('lost on the way'));
    server.emit('agent_thinking', delta('b'));
    expect(seen).toEqual([]);
    expect(client.state.status).toBe('waiting');
    expect(errors.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATION']);
    await clock.advance(500);
    expect(seen).toEqual([1, 2]);
  });

  it('follows prev where offsets have holes', async () => {
    const { client, server } = await connected();
    const seen = record(client);
    const event = server.append('agent_thinking', delta('a'));
    server.connection.send({ ...event, offset: 7, prev: 0 });
    server.connection.send({ ...event, event_id: 'x', offset: 9, prev: 7, merged: 2 });
    expect(seen).toEqual([7, 9]);
  });

  it('tells a reset before any event that follows', async () => {
    const { client, server, clock } = await connected();
    const told: unknown[] = [];
    client.on('*', (event) => told.push(event.offset));
    client.on('reset', (ready) => told.push(['reset', ready.epoch]));
    client.on('runSnapshot', (snapshot) => told.push(['snapshot', snapshot.run_id]));
    client.on('ready', () => told.push('ready'));
    server.emit('agent_thinking', delta('a'));
    server.loseLog();
    server.append('agent_thinking', delta('b'));
    server.snapshots = [
      {
        type: 'run_snapshot',
        run_id: 'r1',
        offset: 0,
        state: { agent_name: 'a', status: 'running', thinking: '', response: '', tools: [] },
      },
    ];
    server.connection.close(1006);
    await clock.advance(500);
    expect(told).toEqual([1, ['reset', 'e2'], 'ready', ['snapshot', 'r1'], 1]);
    expect(client.position).toEqual({ epoch: 'e2', offset: 1 });
  });

  it('says of a connection what the server said of it, in names of this language', async () => {
    const { client, server } = await connected();
    const told: unknown[] = [];
    client.on('ready', (ready) => told.push(ready));
    client.on('reset', (ready) => told.push(ready));
    client.close();
    server.loseLog();
    server.ready = { expires_at: 9 };
    server.append('agent_thinking', delta('b'));
    client.connect();
    await settle();
    const ready = {
      connectionId: 'c2',
      userId: 'u1',
      mode: 'unified',
      epoch: 'e2',
      offset: 0,
      oldestOffset: 1,
      headOffset: 1,
      recovery: 'reset',
      heartbeatMs: 25_000,
      maxMessageBytes: 65_536,
      expiresAt: 9,
      openRuns: [],
    };
    expect(told).toEqual([ready, ready]);
  });

  it('loads its position from a store and saves it, not more often than asked', async () => {
    const server = new FakeServer();
    for (const text of ['a', 'b', 'c']) server.append('agent_thinking', delta(text));
    const saved: unknown[] = [];
    const store = { load: () => ({ epoch: 'e1', offset: 2 }), save: (position: unknown) => void saved.push(position) };
    const { client, clock } = setup({ store, ackIntervalMs: 1_000 }, server);
    const seen = record(client);
    client.connect();
    await settle();
    expect(seen).toEqual([3]);
    server.emit('agent_thinking', delta('d'));
    expect(saved).toEqual([]);
    await clock.advance(1_000);
    expect(saved).toEqual([{ epoch: 'e1', offset: 4, userId: 'u1' }]);
    server.emit('agent_thinking', delta('e'));
    client.close();
    expect(saved.at(-1)).toEqual({ epoch: 'e1', offset: 5, userId: 'u1' });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no storage'))],
    ['holds something else', () => ({ epoch: 7 }) as never],
  ])('starts without a store that %s', async (_, load) => {
    const { client, errors } = await connected({ store: { load, save: () => {} } });
    expect(client.state.status).toBe('live');
    expect(errors.map(({ code, details }) => [code, details['callback']])).toEqual([['CALLBACK_FAILED', 'store.load']]);
  });
});

describe('volatile events', () => {
  it('come through a signal of their own, and their numbered copies as replacements', async () => {
    const { client, server } = await connected();
    const seen: unknown[] = [];
    client.on('volatile', ({ type, event_id }) => seen.push([type, event_id]));
    client.on('*', (event, context) => seen.push([event.offset, context]));
    const { offset, ...event } = server.append('agent_thinking', delta('a'), { event_id: 'v1' });
    server.connection.send({ ...event, volatile: true });
    server.connection.send({ ...event, volatile: true });
    expect(client.position).toEqual({ epoch: 'e1', offset: 0 });
    server.connection.send({ ...event, offset });
    expect(seen).toEqual([
      ['agent_thinking', 'v1'],
      [1, { replay: false, replaces: 'volatile' }],
    ]);
    expect(client.position).toEqual({ epoch: 'e1', offset: 1 });
  });
});

describe('names of signals', () => {
  it('take no event of a server that sends one under such a name: it goes to * alone', async () => {
    const { client, server, errors } = await connected();
    const told: unknown[] = [];
    const names = SIGNAL_NAMES.filter((name) => !Object.hasOwn(CONTROL_FRAME_SCHEMAS, name));
    for (const name of names) client.on(name, (...given: readonly unknown[]) => told.push(given));
    const seen = record(client);
    for (const name of names) server.emit(name, { free: true });
    expect([told, errors]).toEqual([[], []]);
    expect(seen).toEqual(names.map((_, index) => index + 1));
  });
});

describe('faults', () => {
  it('reports a handler that throws or rejects, and goes on', async () => {
    const { client, server, errors } = await connected();
    const cause = new Error('bug');
    client.on('agent_thinking', () => {
      throw cause;
    });
    client.on('agent_thinking', () => Promise.reject(cause));
    const seen = record(client);
    server.emit('agent_thinking', delta('a'));
    await settle();
    expect(seen).toEqual([1]);
    expect(errors.map((error) => [error.code, error.cause])).toEqual([
      ['CALLBACK_FAILED', cause],
      ['CALLBACK_FAILED', cause],
    ]);
    expect(client.state.status).toBe('live');
  });

  it('moves past an event it cannot read, and says so', async () => {
    const { client, server, errors } = await connected();
    const seen = record(client);
    server.emit('agent_thinking', { delta: 7 });
    server.emit('agent_thinking', delta('b'));
    expect(seen).toEqual([2]);
    expect(errors.map(({ code, details }) => [code, details['offset']])).toEqual([['INVALID_FRAME', 1]]);
    expect(client.state.status).toBe('live');
  });

  it.each([
    ['{', 'BAD_JSON'],
    ['7', 'INVALID_FRAME'],
    ['{"offset":"x"}', 'UNKNOWN_FRAME'],
    ['{"type":"mode_changed"}', 'INVALID_FRAME'],
    ['{"type":"run_snapshot","offset":1}', 'INVALID_FRAME'],
  ])('reports %s and stays connected', async (text, code) => {
    const { client, server, errors } = await connected();
    server.connection.socket.deliver(text);
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(client.state.status).toBe('live');
    expect(client.position?.offset).toBe(0);
  });

  it('trusts no connection that starts with something else, is binary, or gets ready twice', async () => {
    const server = new FakeServer();
    server.manners = 'manual';
    const first = await connected({}, server);
    server.emit('agent_thinking', delta('a'));
    expect(first.client.state.status).toBe('waiting');
    const second = await connected();
    second.server.connection.socket.deliver(new ArrayBuffer(1));
    expect(second.client.state.status).toBe('waiting');
    const third = await connected();
    third.server.connection.send(third.server.answerTo({ type: 'hello' }));
    expect(third.client.state.status).toBe('waiting');
    for (const { errors } of [first, second, third]) expect(errors.at(-1)?.code).toBe('PROTOCOL_VIOLATION');
  });

  it('reports errors of the server that answer no request', async () => {
    const { server, errors } = await connected();
    server.connection.send({ type: 'error', code: 'A_CODE_OF_TOMORROW', message: 'hm', fatal: false });
    expect(errors.map(({ code, message }) => [code, message])).toEqual([['INTERNAL', 'hm']]);
  });
});
