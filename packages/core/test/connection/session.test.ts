import { describe, expect, it } from 'vitest';
import { WebSocketError } from '@ws/types';
import type { Authentication } from '../../src/internal.ts';
import { framesOf, setUp, typesOf } from '../support/world.ts';

const ALICE = { authentication: { userId: 'alice' } };

describe('what a peer may not do', () => {
  it('a known frame with a wrong field is answered, and the connection goes on', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    tab.session.receive('{"type":"user_message","message_id":"m1","payload":{"text":""}}');
    await clock.settle();
    const error = { type: 'error', code: 'INVALID_FRAME', fatal: false, ref: 'm1' };
    expect(tab.frames.at(-1)).toMatchObject(error);
    expect(tab.closedWith).toBeUndefined();
  });

  it.each([
    ['bad JSON', '{"type":', 'BAD_JSON'],
    ['no object', '[]', 'UNKNOWN_FRAME'],
    ['no type', '{}', 'UNKNOWN_FRAME'],
    ['an unknown frame', '{"type":"shout"}', 'UNKNOWN_FRAME'],
    ['a frame of the server', '{"type":"connection_ready"}', 'UNKNOWN_FRAME'],
    ['a second hello', '{"type":"hello"}', 'HELLO_EXPECTED'],
  ])('%s closes an open connection with 4500', async (_name, text, code) => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    tab.session.receive(text);
    await clock.settle();
    expect(tab.frames.at(-1)).toMatchObject({ type: 'error', code, fatal: true });
    expect(tab.closedWith?.code).toBe(4500);
  });

  it.each([
    ['bad JSON', 'x', 'BAD_JSON'],
    ['no hello first', '{"type":"ping"}', 'HELLO_EXPECTED'],
    ['a message first', '{"type":"user_message","message_id":"m","payload":{"text":"hi"}}', 'HELLO_EXPECTED'],
  ])('%s closes a new one with 4500', (_name, text, code) => {
    const tab = setUp().accept(ALICE);
    tab.session.receive(text);
    expect(tab.frames).toMatchObject([{ type: 'error', code, fatal: true }]);
    expect(tab.closedWith?.code).toBe(4500);
  });

  it('binary messages close with 4500', async () => {
    const { accept, connected, clock } = setUp();
    const tabs = [accept(ALICE), await connected('alice')];
    for (const tab of tabs) tab.session.receiveBinary();
    await clock.settle();
    for (const tab of tabs) {
      expect(tab.frames.at(-1)).toMatchObject({ code: 'BINARY_FRAME' });
      expect(tab.closedWith?.code).toBe(4500);
    }
  });

  it('saying nothing for ten seconds closes with 4008', async () => {
    const { accept, clock } = setUp();
    const tab = accept(ALICE);
    await clock.advance(9_999);
    expect(tab.closedWith).toBeUndefined();
    await clock.advance(251);
    expect(tab.frames).toMatchObject([{ code: 'HELLO_TIMEOUT' }]);
    expect(tab.closedWith?.code).toBe(4008);
  });
});

describe('frames that come while the credential is checked', () => {
  function slowDoor() {
    const world = setUp();
    let letIn: (who: Authentication) => void = () => undefined;
    let refuse: (error: unknown) => void = () => undefined;
    const authenticate = (): Promise<Authentication> =>
      new Promise((resolve, reject) => {
        letIn = resolve;
        refuse = reject;
      });
    const tab = world.accept({ authenticate });
    tab.say({ type: 'hello', token: 'secret' });
    return { ...world, tab, letIn: () => letIn({ userId: 'alice' }), refuse: (error: unknown) => refuse(error) };
  }

  it('are answered after connection_ready, in order', async () => {
    const { tab, letIn, clock } = slowDoor();
    tab.say({ type: 'ping', id: 'a' });
    tab.say({ type: 'ping', id: 'b' });
    await clock.settle();
    expect(tab.frames).toEqual([]);
    letIn();
    await clock.settle();
    expect(tab.frames).toMatchObject([{ type: 'connection_ready' }, { id: 'a' }, { id: 'b' }]);
  });

  it('may have a wrong field: that is answered in its turn, too', async () => {
    const { tab, letIn, clock } = slowDoor();
    tab.session.receive('{"type":"cancel_run","run_id":"r1","reason":1,"run_id":[]}');
    tab.say({ type: 'ping', id: 7 });
    letIn();
    await clock.settle();
    expect(tab.frames).toMatchObject([
      { type: 'connection_ready' },
      { code: 'INVALID_FRAME', fatal: false },
      { type: 'pong', id: 7 },
    ]);
    expect(tab.closedWith).toBeUndefined();
  });

  it('are limited', async () => {
    const { tab, letIn, clock, hub } = slowDoor();
    for (let i = 0; i < 33; i += 1) tab.say({ type: 'ping' });
    expect(tab.frames).toMatchObject([{ code: 'RATE_LIMITED', fatal: true }]);
    expect(tab.closedWith?.code).toBe(4029);
    letIn();
    await clock.settle();
    expect(tab.frames).toHaveLength(1);
    expect(hub.stats().connections).toBe(0);
  });

  it('come to nothing if the peer leaves', async () => {
    const { tab, letIn, clock, hub } = slowDoor();
    tab.cut();
    letIn();
    await clock.settle();
    expect([tab.frames, hub.manager({ userId: 'alice' }).connections]).toEqual([[], []]);
  });

  it.each([
    [new WebSocketError('CREDENTIAL_INVALID', 'no'), 'CREDENTIAL_INVALID', 4501],
    [new WebSocketError('CREDENTIAL_EXPIRED', 'late'), 'CREDENTIAL_EXPIRED', 4001],
    [new WebSocketError('FORBIDDEN', 'no'), 'FORBIDDEN', 4503],
    [new TypeError('a bug'), 'INTERNAL', 1013],
  ])('are dropped when it is refused: %s', async (error, code, closeCode) => {
    const { tab, refuse, clock, errors } = slowDoor();
    tab.say({ type: 'ping' });
    refuse(error);
    await clock.settle();
    expect(tab.frames).toMatchObject([{ type: 'error', code, fatal: true }]);
    expect(tab.closedWith?.code).toBe(closeCode);
    expect(errors).toEqual(error instanceof WebSocketError ? [] : [error]);
  });
});

describe('who is let in', () => {
  it('nobody without a credential', async () => {
    const { accept, clock } = setUp();
    const tabs = [accept({}), accept({ authenticate: () => Promise.reject(new Error('never asked')) })];
    tabs[0]?.say({ type: 'hello', token: 'nobody checks it' });
    tabs[1]?.say({ type: 'hello' });
    await clock.settle();
    for (const tab of tabs) {
      expect(tab.frames).toMatchObject([{ code: 'CREDENTIAL_MISSING' }]);
      expect(tab.closedWith?.code).toBe(4501);
    }
  });

  it('nobody whose credential has expired between the upgrade and the hello', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice', {}, { expiresAt: clock.now() });
    expect(typesOf(tab)).toEqual(['error']);
    expect(tab.closedWith?.code).toBe(4001);
  });

  it('nobody with an ill-formed user id', async () => {
    const tab = await setUp().connected('al ice');
    expect(tab.frames).toMatchObject([{ code: 'INVALID_USER_ID' }]);
    expect(tab.closedWith?.code).toBe(4501);
  });

  it('only to threads that the credential allows', async () => {
    const { connected } = setUp();
    const tab = await connected('alice', { threads: ['t1', 't2'] }, { threads: ['t1'] });
    expect(tab.frames).toMatchObject([{ code: 'THREAD_NOT_ALLOWED', fatal: true }]);
    expect(tab.closedWith?.code).toBe(4503);
    expect((await connected('alice', { threads: ['t1'] }, { threads: ['t1', 't2'] })).closedWith).toBeUndefined();
  });
});

describe('a connection that is being closed', () => {
  it('is not heard any more', async () => {
    const heard: string[] = [];
    const { connected, clock, hub } = setUp({
      limits: { connectionsPerUser: 1 },
      onUserMessage: ({ messageId }) => void heard.push(messageId),
    });
    const old = await connected('alice');
    const tab = await connected('alice');
    expect(old.closedWith?.code).toBe(4509);
    const count = old.frames.length;
    old.say({ type: 'user_message', message_id: 'm1', payload: { text: 'me too' } });
    old.say({ type: 'ping' });
    await clock.advance(100);
    expect([heard, old.frames.length, (await hub.manager({ userId: 'alice' }).position()).offset]).toEqual([
      [],
      count,
      0,
    ]);
    expect(tab.closedWith).toBeUndefined();
  });

  it('gets nothing after it was closed, whatever happens', async () => {
    const { connected, clock, hub } = setUp();
    const tab = await connected('alice');
    tab.session.close('NORMAL');
    const count = tab.messages.length;
    await hub.manager({ userId: 'alice' }).emit({ type: 'user_message', payload: { message_id: 'm', text: 'x' } });
    await clock.advance(100);
    tab.session.receive('nonsense');
    tab.session.drained();
    tab.session.closed();
    expect(tab.messages.length).toBe(count);
    expect(hub.stats().connections).toBe(0);
  });
});

describe('simple frames', () => {
  it('are answered: ping with its id and the time', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    tab.say({ type: 'ping', id: 'p1' });
    tab.say({ type: 'ping' });
    await clock.settle();
    expect(framesOf(tab, 'pong')).toEqual([
      { type: 'pong', id: 'p1', timestamp: clock.now() },
      { type: 'pong', timestamp: clock.now() },
    ]);
  });

  it('are noted: ack, but never beyond what was sent, and never backwards', async () => {
    const { connected, clock, hub } = setUp();
    const tab = await connected('alice');
    const manager = hub.manager({ userId: 'alice' });
    for (const text of ['a', 'b', 'c']) {
      await manager.emit({ type: 'user_message', payload: { message_id: 'm', text } });
    }
    await clock.advance(50);
    const [connection] = manager.connections;
    const acked = [2, 1, 99].map((offset) => {
      tab.say({ type: 'ack', offset });
      return connection?.ackedOffset;
    });
    expect(acked).toEqual([2, 2, 3]);
    expect(connection?.sentOffset).toBe(3);
  });
});
