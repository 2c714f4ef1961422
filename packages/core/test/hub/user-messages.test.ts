import { toRunId, toUserId } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type UserMessage, type UserMessageHandler } from '../../src/index.ts';
import { streamKey } from '../../src/stream-key.ts';
import { FakeClock, type FakeSocket } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, setUp, typesOf } from '../support/world.ts';

const answer: UserMessageHandler = async ({ runId, threadId, text, manager }) => {
  await using run = await manager.startRun({ agentName: 'echo', runId, threadId });
  await run.complete({ finalResponse: text });
};

const DAY_MS = 86_400_000;

function withAgent(handler: UserMessageHandler, options: Parameters<typeof setUp>[0] = {}) {
  const calls: UserMessage[] = [];
  const world = setUp({
    ...options,
    onUserMessage: (message) => {
      calls.push(message);
      return handler(message);
    },
  });
  const ask = async (socket: FakeSocket, messageId = 'm1', more: object = {}) => {
    socket.say({ type: 'user_message', message_id: messageId, payload: { text: 'hi' }, ...more });
    await world.clock.advance(50);
  };
  return { ...world, calls, ask };
}

/** Holds a run, and leaves it without an end. */
async function begunThen(manager: UserMessage['manager'], runId: string, last?: Promise<never>): Promise<void> {
  await using _run = await manager.startRun({ agentName: 'a', runId });
  await last;
}

describe('a message of a user', () => {
  it('is in the stream, accepted, and answered by one run', async () => {
    const { ask, calls, connected } = withAgent(answer);
    const tab = await connected('alice');
    await ask(tab, 'm1', { thread_id: 't1' });
    expect(framesOf(tab, 'accepted')).toEqual([{ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'run-m1' }]);
    expect(framesOf(tab, 'user_message')).toMatchObject([
      { thread_id: 't1', payload: { message_id: 'm1', text: 'hi' } },
    ]);
    expect(typesOf(tab).slice(-2)).toEqual(['agent_started', 'agent_completed']);
    expect(calls).toMatchObject([{ messageId: 'm1', text: 'hi', threadId: 't1', runId: 'run-m1' }]);
  });

  it('sent again gets the same answer and starts nothing, also from another tab', async () => {
    const { ask, calls, connected } = withAgent(answer);
    const [tab, other] = [await connected('alice'), await connected('alice')];
    await ask(tab);
    await ask(tab);
    await ask(other);
    const accepted = { type: 'accepted', ref: 'm1', thread_id: 'thread-m1', run_id: 'run-m1' };
    expect(framesOf(tab, 'accepted')).toEqual([accepted, accepted]);
    expect(framesOf(other, 'accepted')).toEqual([accepted]);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['thread', { thread_id: 't9' }],
    ['text', { payload: { text: 'something else' } }],
  ])('sent again with another %s is refused, and the first one stands', async (_, change) => {
    const { ask, calls, connected } = withAgent(answer);
    const tab = await connected('alice');
    await ask(tab);
    await ask(tab, 'm1', change);
    expect(framesOf(tab, 'accepted')).toHaveLength(1);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'ID_CONFLICT', ref: 'm1', fatal: false }]);
    expect(calls).toHaveLength(1);
    await ask(tab);
    expect(framesOf(tab, 'accepted')).toHaveLength(2);
  });

  it('sent again while its agent starts calls the agent once, also one that returns before it starts', async () => {
    const later: (() => void)[] = [];
    const { ask, calls, clock, connected } = withAgent((message) => {
      later.push(() => void answer(message));
    });
    const tab = await connected('alice');
    await ask(tab);
    await ask(tab);
    for (const start of later) start();
    await clock.advance(50);
    expect(calls).toHaveLength(1);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'completed' } }]);
  });

  it('ends its run as failed when the handler throws before it starts', async () => {
    const { ask, connected, errors } = withAgent(() => Promise.reject(new Error('no model')));
    const tab = await connected('alice');
    await ask(tab);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([
      { run_id: 'run-m1', payload: { status: 'failed', error: 'no model' } },
    ]);
    expect(errors).toEqual([new Error('no model')]);
  });

  it('ends its run when the handler throws in the middle of it', async () => {
    const { ask, connected } = withAgent(async ({ runId, manager }) => {
      const run = await manager.startRun({ agentName: 'a', runId });
      await run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'read', args: {} });
      throw new Error('oops');
    });
    const tab = await connected('alice');
    await ask(tab);
    expect(typesOf(tab).slice(-2)).toEqual(['tool_completed', 'agent_completed']);
    expect(framesOf(tab, 'tool_completed')).toMatchObject([{ payload: { success: false, error: 'oops' } }]);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'failed', error: 'oops' } }]);
  });

  const LEFT = 'the agent stopped without completing its run';

  it.each<[string, UserMessageHandler, string]>([
    [
      'throws',
      async ({ runId, manager }) => {
        await using run = await manager.startRun({ agentName: 'a', runId });
        await run.write('Half an ans');
        throw new Error('the model is gone');
      },
      'the model is gone',
    ],
    [
      'throws, and fails to dispose of something that it opened before',
      async ({ runId, manager }) => {
        await using stack = new AsyncDisposableStack();
        stack.defer(async () => {
          await new Promise((resolve) => setImmediate(resolve));
          throw new Error('the pool cannot be closed');
        });
        await using _run = await manager.startRun({ agentName: 'a', runId });
        throw new Error('the model is gone');
      },
      'the model is gone',
    ],
    [
      'throws an error without a message',
      ({ runId, manager }) => begunThen(manager, runId, Promise.reject(new Error())),
      LEFT,
    ],
    ['returns', ({ runId, manager }) => begunThen(manager, runId), LEFT],
    [
      'goes on with something else',
      async ({ runId, manager }) => {
        await begunThen(manager, runId);
        await new Promise(() => undefined);
      },
      LEFT,
    ],
  ])('whose handler holds its run with `await using` and %s says why the run failed', async (_name, handler, error) => {
    const { ask, clock, connected } = withAgent(handler);
    const tab = await connected('alice');
    await ask(tab);
    await clock.advance(1_000);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'failed', error } }]);
  });

  it('is answered after a crash between message and start, when the client asks again', async () => {
    const log = new MemoryEventLog();
    const door = new LogDoor(log);
    const before = withAgent(() => new Promise<void>(() => undefined), { log: door });
    await before.ask(await before.connected('alice'));
    door.kill();
    const after = withAgent(answer, { log: new LogDoor(log), clock: new FakeClock() });
    const tab = await after.connected('alice');
    await after.ask(tab);
    await after.ask(tab);
    expect(after.calls).toHaveLength(1);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'completed' } }]);
  });

  /** Two processes on one log, and agents that begin their run when they are told to. */
  function twoProcesses() {
    const clock = new FakeClock();
    const log = new MemoryEventLog();
    const start = () => {
      const door = new LogDoor(log);
      const begin: (() => void)[] = [];
      const handler: UserMessageHandler = async (message) => {
        await new Promise<void>((resolve) => begin.push(resolve));
        await answer(message);
      };
      return { door, begin, ...withAgent(handler, { log: door, clock }) };
    };
    return { clock, log, a: start(), b: start() };
  }

  it('repeated to another process before its run has begun is answered by one run, which nobody disturbs', async () => {
    const { clock, a, b } = twoProcesses();
    const tab = await b.connected('alice');
    await a.ask(await a.connected('alice'));
    await b.ask(tab);
    expect([a.calls.length, b.calls.length]).toEqual([1, 1]);
    // b's run is under way when a begins.
    const run = await b.hub
      .manager({ userId: 'alice' })
      .startRun({ agentName: 'echo', runId: 'run-m1', threadId: 'thread-m1' });
    a.begin.forEach((go) => go());
    await clock.advance(50);
    expect(framesOf(tab, 'agent_completed')).toEqual([]);
    await run.complete({ finalResponse: 'hi' });
    b.begin.forEach((go) => go());
    await clock.advance(50);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'completed' } }]);
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('whose process dies before its run has begun is ended as interrupted by another, once', async () => {
    const { clock, a, b } = twoProcesses();
    const tab = await b.connected('alice');
    await a.ask(await a.connected('alice'), 'm1', { thread_id: 't1' });
    a.door.kill();
    await clock.advance(60_000);
    expect(framesOf(tab, 'agent_started')).toHaveLength(1);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([
      { run_id: 'run-m1', thread_id: 't1', payload: { status: 'interrupted' } },
    ]);
    expect(b.hub.stats().interrupted).toBe(1);
  });

  it.each([
    ['loads its stream later', false],
    ['had its stream in memory', true],
  ])(
    'whose process dies before its run has begun, and whose lease the log lost, is ended by a process that %s',
    async (_, isInMemory) => {
      const { clock, log, a, b } = twoProcesses();
      const early = isInMemory ? await b.connected('alice') : undefined;
      await a.ask(await a.connected('alice'), 'm1', { thread_id: 't1' });
      a.door.kill();
      await log.leases.delete([{ stream: streamKey(toUserId('alice')), runId: toRunId('run-m1') }]);
      const tab = early ?? (await b.connected('alice'));
      for (let turn = 0; turn < 30; turn += 1) {
        await clock.advance(20_000);
        tab.say({ type: 'ping' });
      }
      expect(framesOf(tab, 'agent_completed')).toMatchObject([
        { run_id: 'run-m1', thread_id: 't1', payload: { status: 'interrupted' } },
      ]);
      expect(await log.leases.expired(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    },
  );

  it('that could be neither answered nor failed is ended later', async () => {
    const { clock, a, b } = twoProcesses();
    const tab = await b.connected('alice');
    await a.ask(await a.connected('alice'));
    a.door.goAway();
    a.begin.forEach((go) => go());
    // Longer than an event waits for the log.
    await clock.advance(40_000);
    expect(a.errors).not.toEqual([]);
    a.door.comeBack();
    await clock.advance(60_000);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ run_id: 'run-m1', payload: { status: 'interrupted' } }]);
  });

  it('has a lease before it is in the log, so that no death of a process leaves it without an end', async () => {
    const { clock, a, b } = twoProcesses();
    const tab = await b.connected('alice');
    const first = await a.connected('alice');
    a.door.nextAppend = 'after';
    await a.ask(first);
    a.door.kill();
    await clock.advance(60_000);
    expect(a.calls).toEqual([]);
    expect(framesOf(tab, 'user_message')).toHaveLength(1);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ run_id: 'run-m1', payload: { status: 'interrupted' } }]);
  });

  it('waits for as long as its agent takes to begin, and may be left without a run', async () => {
    const { clock, log, a, b } = twoProcesses();
    await a.ask(await a.connected('alice'));
    await clock.advance(120_000);
    expect(b.hub.stats().interrupted).toBe(0);
    a.begin.forEach((go) => go());
    await clock.advance(50);
    expect(a.hub.stats().interrupted).toBe(0);

    const silent = withAgent(() => undefined, { log, clock });
    await silent.ask(await silent.connected('bob'));
    await clock.advance(120_000);
    // Its lease outlives the message: no process takes it for one that was lost.
    const [lease, ...others] = await log.leases.expired(Number.MAX_SAFE_INTEGER, 10);
    expect([lease?.runId, others]).toEqual(['run-m1', []]);
    expect(lease?.expiresAt).toBeGreaterThan(clock.now() + 7 * DAY_MS);
    await b.connected('bob');
    await clock.advance(600_000);
    const types = (await silent.hub.manager({ userId: 'bob' }).history()).events.map(({ type }) => type);
    expect(types).toEqual(['user_message']);
  });

  it.each<[string, UserMessageHandler, readonly unknown[]]>([
    [
      'emits an event',
      async ({ manager }) =>
        void (await manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: '…' } })),
      [],
    ],
    ['begins its run', answer, []],
    ['reads what was said before', async ({ manager }) => void (await manager.history()), []],
    ['fails by itself', () => Promise.reject(new Error('no model')), [new Error('no model')]],
  ])(
    'whose agent still works when the hub is closed, and then %s, is no fault of the hub',
    async (_name, late, faults) => {
      let closed = (): void => undefined;
      const untilClosed = new Promise<void>((resolve) => (closed = resolve));
      const { ask, clock, connected, errors, hub } = withAgent(async (message) => {
        await untilClosed;
        await late(message);
      });
      const tab = await connected('alice');
      await ask(tab);
      const closing = hub.close();
      await clock.advance(50);
      await closing;
      closed();
      await clock.settle();
      expect(errors).toEqual(faults);
    },
  );

  it('is a fault where the log was closed under an open hub', async () => {
    const { ask, clock, connected, errors, log } = withAgent(async ({ manager }) => {
      await log.close();
      await manager.history();
    });
    await ask(await connected('alice'));
    await clock.settle();
    expect(errors).toMatchObject([{ code: 'LOG_CLOSED' }, { code: 'LOG_CLOSED' }]);
  });

  it('of the same id from another user is another message', async () => {
    const hanging: UserMessageHandler = async ({ runId, manager }) => {
      await manager.startRun({ agentName: 'a', runId });
      await new Promise(() => undefined);
    };
    const { ask, calls, connected } = withAgent(hanging);
    const [alice, bob] = [await connected('alice'), await connected('bob')];
    await ask(alice);
    await ask(bob);
    expect(calls).toHaveLength(2);
    expect(typesOf(bob)).toContain('agent_started');
  });

  it('is refused where no agent answers', async () => {
    const { clock, connected } = setUp();
    const tab = await connected('alice');
    tab.say({ type: 'user_message', message_id: 'm1', payload: { text: 'hi' } });
    await clock.settle();
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'NO_AGENT', ref: 'm1', fatal: false }]);
    expect(typesOf(tab)).not.toContain('user_message');
  });
});

describe('the signal of a message', () => {
  /** An agent that begins no run before it is told to, and does what `stop` says when its signal is aborted. */
  function waiting(stop: (message: UserMessage) => Promise<void> = () => Promise.resolve()) {
    const signals: AbortSignal[] = [];
    const world = withAgent(async (message) => {
      signals.push(message.signal);
      await new Promise((resolve) => message.signal.addEventListener('abort', resolve));
      await stop(message);
    });
    return { ...world, signals };
  }

  it.each<[string, (message: UserMessage) => Promise<void>]>([
    ['returns', () => Promise.resolve()],
    ['throws the reason', ({ signal }) => Promise.reject(signal.reason as Error)],
    ['throws what fetch throws', () => Promise.reject(new DOMException('aborted', 'AbortError'))],
  ])('is aborted when the run is cancelled before it began; the run ends if the agent %s', async (_name, stop) => {
    const { ask, clock, connected, errors, signals } = waiting(stop);
    const tab = await connected('alice');
    await ask(tab, 'm1', { thread_id: 't1' });
    await ask(tab, 'm2');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    tab.say({ type: 'cancel_run', run_id: 'run-m1' });
    await clock.advance(50);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(signals[0]?.reason).toMatchObject({ code: 'RUN_CANCELLED' });
    expect(framesOf(tab, 'agent_started')).toMatchObject([{ run_id: 'run-m1', thread_id: 't1' }]);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ run_id: 'run-m1', payload: { status: 'cancelled' } }]);
    expect(errors).toEqual([]);
  });

  it('is aborted when the run is cancelled after it began, and an agent that throws then leaves it cancelled', async () => {
    const { ask, clock, connected, errors } = withAgent(async ({ runId, manager, signal }) => {
      await manager.startRun({ agentName: 'a', runId });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
    });
    const tab = await connected('alice');
    await ask(tab);
    tab.say({ type: 'cancel_run', run_id: 'run-m1' });
    await clock.advance(50);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]);
    expect(errors).toEqual([]);
  });

  it('is aborted when the hub drains, before the run began and after', async () => {
    const signals = new Map<string, AbortSignal>();
    const { ask, clock, connected, errors, hub } = withAgent(async ({ runId, manager, signal }) => {
      signals.set(runId, signal);
      if (runId === 'run-m2') await manager.startRun({ agentName: 'a', runId });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
    });
    const tab = await connected('alice');
    await ask(tab, 'm1');
    await ask(tab, 'm2');
    const drained = hub.drain();
    await clock.advance(200);
    await drained;
    expect(['run-m1', 'run-m2'].map((id) => signals.get(id)?.reason as unknown)).toMatchObject([
      { code: 'DRAINING' },
      { code: 'RUN_CANCELLED' },
    ]);
    expect(framesOf(tab, 'agent_completed').map(({ payload }) => payload)).toMatchObject([
      { status: 'interrupted' },
      { status: 'interrupted' },
    ]);
    expect(errors).toEqual([]);
  });

  it('is not aborted by the end of the run', async () => {
    let signal: AbortSignal | undefined;
    const { ask, connected } = withAgent((message) => {
      signal = message.signal;
      return answer(message);
    });
    const tab = await connected('alice');
    await ask(tab);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'completed' } }]);
    expect(signal?.aborted).toBe(false);
  });
});

describe('the thread of a message', () => {
  it('is that of the isolated connection it came over', async () => {
    const { ask, connected } = withAgent(answer);
    const tab = await connected('alice', {}, { isolatedThread: 't1' });
    await ask(tab);
    expect(framesOf(tab, 'accepted')).toMatchObject([{ thread_id: 't1' }]);
  });

  it('has to be one that the credential and the hello allow, also where the client names none', async () => {
    const { ask, calls, connected } = withAgent(answer);
    const limited = await connected('alice', {}, { threads: ['t1'] });
    const filtered = await connected('alice', { threads: ['t1'] });
    for (const tab of [limited, filtered]) {
      await ask(tab, 'm1');
      await ask(tab, 'm2', { thread_id: 't2' });
      expect(framesOf(tab, 'error')).toMatchObject([
        { code: 'THREAD_NOT_ALLOWED', ref: 'm1' },
        { code: 'THREAD_NOT_ALLOWED', ref: 'm2' },
      ]);
    }
    expect(calls).toEqual([]);
    await ask(limited, 'm3', { thread_id: 't1' });
    expect(calls).toHaveLength(1);
  });
});

describe('more messages than a user may have open runs', () => {
  const hang: UserMessageHandler = async ({ runId, threadId, manager }) => {
    await manager.startRun({ agentName: 'slow', runId, threadId });
    await new Promise(() => undefined);
  };

  it('the first one over the limit is refused, and leaves no trace in the stream', async () => {
    const { ask, connected, hub } = withAgent(hang, { limits: { openRunsPerUser: 2 } });
    const tab = await connected('alice');
    for (const id of ['m1', 'm2', 'm3']) await ask(tab, id);
    expect(hub.stats().runLimited).toBe(1);
    expect(framesOf(tab, 'accepted').map(({ ref }) => ref)).toEqual(['m1', 'm2']);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'RUN_LIMIT', ref: 'm3', fatal: false }]);
    expect(framesOf(tab, 'user_message')).toHaveLength(2);
  });

  it('also when all of them come at once, and each of them is answered the same again', async () => {
    const { clock, connected } = withAgent(hang, { limits: { openRunsPerUser: 2 } });
    const tab = await connected('alice');
    const ids = ['m1', 'm2', 'm2', 'm1', 'm3', 'm4'];
    for (const message_id of ids) tab.say({ type: 'user_message', message_id, payload: { text: 'hi' } });
    await clock.advance(50);
    expect(framesOf(tab, 'accepted').map(({ ref }) => ref)).toEqual(['m1', 'm2', 'm2', 'm1']);
    expect(framesOf(tab, 'error').map(({ ref, code }) => [ref, code])).toEqual([
      ['m3', 'RUN_LIMIT'],
      ['m4', 'RUN_LIMIT'],
    ]);
  });

  it('a run that ends makes room, and so does a handler that begins none', async () => {
    const { ask, connected } = withAgent(
      async (message) => {
        if (message.text === 'hi') await answer(message);
      },
      { limits: { openRunsPerUser: 1 } },
    );
    const tab = await connected('alice');
    for (const [n, text] of ['hi', 'nothing', 'hi', 'nothing'].entries())
      await ask(tab, `m${n}`, { payload: { text } });
    expect(framesOf(tab, 'accepted')).toHaveLength(4);
    expect(framesOf(tab, 'error')).toEqual([]);
  });
});
