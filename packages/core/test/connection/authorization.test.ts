import { WebSocketError, type EventInput } from '@ws/types';
import { describe, expect, it } from 'vitest';
import type { Authorization, ProposedUserMessage } from '../../src/index.ts';
import type { Authentication } from '../../src/internal.ts';
import { framesOf, outcome, setUp, typesOf } from '../support/world.ts';

const begin = (thread_id: string): EventInput => ({
  type: 'agent_started',
  thread_id,
  run_id: `run-of-${thread_id}`,
  payload: { agent_name: 'a' },
});

describe('the threads a user may read', () => {
  const readableThreads: Authorization['readableThreads'] = async ({ userId }) =>
    userId === 'admin' ? undefined : [`of-${userId}`, 'common'];

  it('are all that a connection sees and may write to', async () => {
    const { clock, hub, connected } = setUp({
      authorization: { readableThreads },
      onUserMessage: () => undefined,
    });
    const [alice, admin] = [await connected('alice'), await connected('admin')];
    for (const user of ['alice', 'admin']) {
      for (const thread of ['common', 'of-alice', 'of-bob']) await hub.manager({ userId: user }).emit(begin(thread));
    }
    alice.say({ type: 'user_message', message_id: 'm1', thread_id: 'of-bob', payload: { text: 'hi' } });
    alice.say({ type: 'user_message', message_id: 'm2', thread_id: 'common', payload: { text: 'hi' } });
    await clock.advance(50);
    expect(framesOf(alice, 'agent_started').map(({ thread_id }) => thread_id)).toEqual(['common', 'of-alice']);
    expect(framesOf(admin, 'agent_started')).toHaveLength(3);
    expect(framesOf(alice, 'error')).toMatchObject([{ code: 'THREAD_NOT_ALLOWED', ref: 'm1' }]);
    expect(framesOf(alice, 'accepted')).toMatchObject([{ ref: 'm2' }]);
  });

  it('narrow those of the credential, and never widen them', async () => {
    const { hub, clock, connected } = setUp({ authorization: { readableThreads } });
    const tab = await connected('alice', {}, { threads: ['common', 'of-bob'] });
    for (const thread of ['common', 'of-alice', 'of-bob']) await hub.manager({ userId: 'alice' }).emit(begin(thread));
    await clock.advance(50);
    expect(framesOf(tab, 'agent_started').map(({ thread_id }) => thread_id)).toEqual(['common']);
  });

  it('bind the threads of hello', async () => {
    const { connected } = setUp({ authorization: { readableThreads } });
    const tab = await connected('alice', { threads: ['of-bob'] });
    expect(tab.closedWith).toMatchObject({ code: 4503 });
  });

  it('are asked for again when the credential is renewed', async () => {
    let left: readonly string[] = ['t1', 't2'];
    const { clock, accept } = setUp({ authorization: { readableThreads: () => left } });
    const authenticate = async (): Promise<Authentication> => ({ userId: 'alice' });
    const socket = accept({ authenticate });
    socket.say({ type: 'hello', token: 'a' });
    await clock.settle();
    expect(typesOf(socket)).toEqual(['connection_ready']);
    left = ['t1'];
    socket.say({ type: 'auth', token: 'a' });
    await clock.settle();
    expect(framesOf(socket, 'error')).toMatchObject([{ code: 'THREAD_NOT_ALLOWED', fatal: true }]);
    expect(socket.closedWith).toMatchObject({ code: 4503 });
  });

  it('that cannot be told keep the connection out, and say why if they are meant to', async () => {
    const failing = setUp({
      authorization: {
        readableThreads: () => {
          throw new Error('the table of memberships is away');
        },
      },
    });
    const tab = await failing.connected('alice');
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'INTERNAL', message: 'the connection could not be opened' }]);
    expect(failing.errors).toHaveLength(1);
    const refusing = setUp({
      authorization: {
        readableThreads: () => {
          throw new WebSocketError('FORBIDDEN', 'the account is closed');
        },
      },
    });
    const other = await refusing.connected('alice');
    expect(framesOf(other, 'error')).toMatchObject([{ code: 'FORBIDDEN', message: 'the account is closed' }]);
    expect(other.closedWith).toMatchObject({ code: 4503 });
  });
});

describe('who may start a run', () => {
  it('is asked before the message is in the stream', async () => {
    const asked: [string, ProposedUserMessage][] = [];
    const { clock, connected } = setUp({
      onUserMessage: () => undefined,
      authorization: {
        mayStartRun: async ({ userId }, message) => {
          asked.push([userId, message]);
          return message.text !== 'no';
        },
      },
    });
    const tab = await connected('alice');
    tab.say({ type: 'user_message', message_id: 'm1', thread_id: 't1', payload: { text: 'no' } });
    tab.say({ type: 'user_message', message_id: 'm2', payload: { text: 'yes' } });
    await clock.advance(50);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'FORBIDDEN', ref: 'm1', fatal: false }]);
    expect(framesOf(tab, 'accepted')).toMatchObject([{ ref: 'm2' }]);
    expect(framesOf(tab, 'user_message').map(({ payload }) => payload)).toMatchObject([{ text: 'yes' }]);
    expect(asked).toEqual([
      ['alice', { messageId: 'm1', threadId: 't1', text: 'no' }],
      ['alice', { messageId: 'm2', threadId: 'thread-m2', text: 'yes' }],
    ]);
  });
});

describe('requests of a user without a connection', () => {
  const alice: Authentication = { userId: 'alice' };
  const say = (message_id: string, thread_id?: string) =>
    ({
      type: 'user_message',
      message_id,
      ...(thread_id === undefined ? {} : { thread_id }),
      payload: { text: 'hi' },
    }) as const;

  it('get the same answers, and a message is one however it comes', async () => {
    const calls: string[] = [];
    const { hub, clock, connected } = setUp({ onUserMessage: ({ messageId }) => void calls.push(messageId) });
    const tab = await connected('alice');
    const answer = await hub.requests.handle(say('m1', 't1'), alice);
    expect(answer).toEqual({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'run-m1' });
    tab.say(say('m1', 't1'));
    await clock.advance(50);
    expect(framesOf(tab, 'accepted')).toEqual([answer]);
    expect(framesOf(tab, 'user_message')).toHaveLength(1);
    expect(calls).toEqual(['m1']);
  });

  it('are bound by the threads of the credential', async () => {
    const { hub } = setUp({ onUserMessage: () => undefined });
    const limited: Authentication = { userId: 'alice', threads: ['t1'] };
    expect(await outcome(hub.requests.handle(say('m1', 't1'), limited))).toBe('ok');
    expect(await outcome(hub.requests.handle(say('m2', 't2'), limited))).toBe('THREAD_NOT_ALLOWED');
    expect(await outcome(hub.requests.handle(say('m3'), limited))).toBe('THREAD_NOT_ALLOWED');
  });

  it('cancel a run, and only of the own stream', async () => {
    const { hub } = setUp();
    const run = await hub.manager(alice).startRun({ agentName: 'a', runId: 'r1' });
    const cancel = { type: 'cancel_run', run_id: 'r1' } as const;
    expect(await outcome(hub.requests.handle(cancel, { userId: 'bob' }))).toBe('RUN_NOT_OPEN');
    expect(run.signal.aborted).toBe(false);
    expect(await hub.requests.handle(cancel, alice)).toEqual({ type: 'accepted', ref: 'r1', run_id: 'r1' });
    expect(run.signal.aborted).toBe(true);
  });

  it('confirm events, as an ack does', async () => {
    const { hub } = setUp();
    const manager = hub.manager(alice);
    const confirmed = manager.emit(begin('t1'), { confirm: { timeoutMs: 1_000 } });
    await hub.requests.acknowledge(99, { userId: 'alice', threads: ['t1'] });
    await hub.requests.acknowledge(99, alice);
    expect(await confirmed).toMatchObject({ confirmed: true });
    // Not further than the stream goes.
    expect(manager.deliveredOffset).toBe(1);
  });

  it('count as frames of the user', async () => {
    const { hub } = setUp({ limits: { userInboundRates: { framesPerSecond: 1 } }, onUserMessage: () => undefined });
    const outcomes = await Promise.all(
      Array.from({ length: 11 }, (_, n) => outcome(hub.requests.handle(say(`m${n}`), alice))),
    );
    expect(outcomes.filter((it) => it === 'ok')).toHaveLength(10);
    expect(outcomes.at(-1)).toBe('RATE_LIMITED');
  });
});

describe('an application that never answers', () => {
  const NEVER = new Promise<never>(() => undefined);
  const alice: Authentication = { userId: 'alice' };
  const frame = { type: 'user_message', message_id: 'm1', payload: { text: 'hi' } } as const;

  /** Its first answer does not come, the later ones do. */
  function once<Answer>(answer: Answer): () => Promise<Answer> {
    let calls = 0;
    return () => ((calls += 1) === 1 ? NEVER : Promise.resolve(answer));
  }

  const reported = (errors: readonly unknown[]): unknown[] => errors.map((error) => (error as Error).message);

  it('holds no connection that opens: it is closed, and the next one is let in', async () => {
    const { clock, accept, errors } = setUp({ authorization: { readableThreads: once(['t1']) } });
    const open = () => accept({ authenticate: async () => alice });
    const socket = open();
    socket.say({ type: 'hello', token: 'a' });
    await clock.advance(10_000);
    expect(framesOf(socket, 'error')).toMatchObject([{ code: 'AUTH_UNAVAILABLE', fatal: true }]);
    expect(socket.closedWith?.code).toBe(1013);
    expect(reported(errors)).toEqual(['authorization.readableThreads gave no answer within 10000 ms']);
    const next = open();
    next.say({ type: 'hello', token: 'a' });
    await clock.settle();
    expect(typesOf(next)).toEqual(['connection_ready']);
  });

  it('leaves no fresh token without an answer, and the connection goes on', async () => {
    const check = once(alice);
    let isFirst = true;
    const authenticate = async (): Promise<Authentication> => {
      if (isFirst) {
        isFirst = false;
        return alice;
      }
      return check();
    };
    const { clock, accept, errors } = setUp();
    const socket = accept({ authenticate });
    socket.say({ type: 'hello', token: 'a' });
    await clock.settle();
    socket.say({ type: 'auth', token: 'b' });
    await clock.advance(9_999);
    expect(typesOf(socket)).toEqual(['connection_ready']);
    await clock.advance(1);
    expect(framesOf(socket, 'error')).toMatchObject([{ code: 'AUTH_UNAVAILABLE', fatal: false }]);
    expect(reported(errors)).toEqual(['authenticate gave no answer within 10000 ms']);
    socket.say({ type: 'auth', token: 'c' });
    await clock.settle();
    expect(typesOf(socket).at(-1)).toBe('auth_ok');
  });

  it('leaves no message without an answer, over a connection or without one', async () => {
    const { clock, connected, hub, errors } = setUp({
      onUserMessage: () => undefined,
      authorization: { mayStartRun: once(true) },
    });
    const tab = await connected('alice');
    tab.say(frame);
    await clock.advance(10_000);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'AUTH_UNAVAILABLE', ref: 'm1', fatal: false }]);
    expect(reported(errors)).toEqual(['authorization.mayStartRun gave no answer within 10000 ms']);
    tab.say(frame);
    await clock.advance(50);
    expect(framesOf(tab, 'accepted')).toMatchObject([{ ref: 'm1' }]);

    const other = setUp({ onUserMessage: () => undefined, authorization: { readableThreads: once(['thread-m1']) } });
    const asked = [outcome(other.hub.requests.handle(frame, alice)), outcome(other.hub.authorize(alice))];
    await other.clock.advance(10_000);
    expect(await Promise.all(asked)).toEqual(['AUTH_UNAVAILABLE', 'ok']);
    expect(await outcome(hub.requests.handle(frame, alice))).toBe('ok');
  });

  it('is given the time that the hub is set to', async () => {
    const { clock, hub } = setUp({ tuning: { helloTimeoutMs: 500 }, authorization: { readableThreads: once([]) } });
    const asked = outcome(hub.authorize(alice));
    await clock.advance(500);
    expect(await asked).toBe('AUTH_UNAVAILABLE');
  });
});
