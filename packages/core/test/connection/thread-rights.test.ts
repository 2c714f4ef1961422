import type { EventInput } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type UserMessage, type EventLog } from '../../src/index.ts';
import type { FakeSocket } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp, type World } from '../support/world.ts';

/** The thread that the client must not learn of, and the credential that does not allow it. */
const FOREIGN = 'hidden-thread';
const LIMITED = { threads: ['t1'] };

const message = (message_id: string, thread_id: string, text: string) =>
  ({ type: 'user_message', message_id, thread_id, payload: { text } }) as const;
const cancel = (run_id: string) => ({ type: 'cancel_run', run_id }) as const;
const approve = (run_id: string) => ({ type: 'tool_approval', run_id, tool_call_id: 'c1', approved: true }) as const;

const note = (n: number) => ({ type: 'app.note', payload: { n } }) as unknown as EventInput;

/** A hub whose agent is called and begins no run. */
function withWaitingAgent(options: Parameters<typeof setUp>[0] = {}): World & { readonly calls: UserMessage[] } {
  const calls: UserMessage[] = [];
  const onUserMessage = async (accepted: UserMessage): Promise<void> => {
    calls.push(accepted);
    await new Promise<never>(() => undefined);
  };
  return { calls, ...setUp({ onUserMessage, ...options }) };
}

/** The last answer, which names no thread that the client has not named. */
function refusal(socket: FakeSocket): Record<string, unknown> {
  expect(JSON.stringify(socket.frames)).not.toContain(FOREIGN);
  return framesOf(socket, 'error').at(-1) ?? {};
}

describe('a credential for some threads, and a message that was accepted into another', () => {
  it('gets THREAD_NOT_ALLOWED for its message_id, where the handler is at work', async () => {
    const { calls, clock, connected } = withWaitingAgent();
    const [owner, intruder] = [await connected('alice'), await connected('alice', {}, LIMITED)];
    owner.say(message('m1', FOREIGN, 'mine'));
    await clock.advance(50);
    intruder.say(message('m1', 't1', 'do something else'));
    await clock.advance(50);
    expect(refusal(intruder)).toMatchObject({ code: 'THREAD_NOT_ALLOWED', ref: 'm1', fatal: false });
    expect(framesOf(intruder, 'accepted')).toEqual([]);
    expect(calls).toMatchObject([{ messageId: 'm1', text: 'mine', threadId: FOREIGN }]);
  });

  it('calls no handler in a process that has not called one yet', async () => {
    const log = new MemoryEventLog();
    const door = new LogDoor(log);
    const before = withWaitingAgent({ log: door });
    const owner = await before.connected('alice');
    owner.say(message('m1', FOREIGN, 'mine'));
    await before.clock.advance(50);
    door.kill();
    const after = withWaitingAgent({ log: new LogDoor(log) });
    const intruder = await after.connected('alice', {}, LIMITED);
    intruder.say(message('m1', 't1', 'do something else'));
    await after.clock.advance(50);
    expect(refusal(intruder)).toMatchObject({ code: 'THREAD_NOT_ALLOWED', ref: 'm1' });
    expect(await outcome(after.hub.requests.handle(message('m1', 't1', 'x'), { userId: 'alice', ...LIMITED }))).toBe(
      'THREAD_NOT_ALLOWED',
    );
    expect(after.calls).toEqual([]);
    // With a right to the thread the user hears that the id is used, and has the message answered by repeating it.
    const tab = await after.connected('alice');
    tab.say(message('m1', 't1', 'do something else'));
    await after.clock.advance(50);
    expect(refusal(tab)).toMatchObject({ code: 'ID_CONFLICT', ref: 'm1' });
    expect(after.calls).toEqual([]);
    tab.say(message('m1', FOREIGN, 'mine'));
    await after.clock.advance(50);
    expect(framesOf(tab, 'accepted')).toMatchObject([{ ref: 'm1', thread_id: FOREIGN }]);
    expect(after.calls).toMatchObject([{ text: 'mine', threadId: FOREIGN }]);
  });

  it('gets THREAD_NOT_ALLOWED while the first one is being written', async () => {
    const { calls, clock, connected } = withWaitingAgent();
    const [owner, intruder] = [await connected('alice'), await connected('alice', {}, LIMITED)];
    owner.say(message('m1', FOREIGN, 'mine'));
    intruder.say(message('m1', 't1', 'do something else'));
    await clock.advance(50);
    expect(refusal(intruder)).toMatchObject({ code: 'THREAD_NOT_ALLOWED', ref: 'm1' });
    expect(calls).toMatchObject([{ text: 'mine' }]);
  });

  it('gets THREAD_NOT_ALLOWED for the message of a run that is known, where the message is not kept any more', async () => {
    const { calls, hub, clock, connected } = withWaitingAgent({ retention: { maxEvents: 1 } });
    const manager = hub.manager({ userId: 'alice' });
    const owner = await connected('alice');
    owner.say(message('m1', FOREIGN, 'mine'));
    await clock.advance(50);
    await using run = await manager.startRun({ agentName: 'a', runId: 'run-m1', threadId: FOREIGN });
    for (let n = 0; n < 600; n += 1) await run.think('…');
    await clock.advance(50);
    expect((await manager.history({ limit: 1 })).oldestOffset).toBeGreaterThan(1);
    const intruder = await connected('alice', {}, LIMITED);
    intruder.say(message('m1', 't1', 'do something else'));
    await clock.advance(50);
    expect(refusal(intruder)).toMatchObject({ code: 'THREAD_NOT_ALLOWED', ref: 'm1' });
    expect(framesOf(intruder, 'user_message')).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('is asked for the right to start the run that is stored, too', async () => {
    const mayStartRun = (_: unknown, { threadId }: { threadId: string }): boolean => threadId !== FOREIGN;
    const { calls, hub, clock, connected } = withWaitingAgent({ authorization: { mayStartRun } });
    const payload = { message_id: 'm1', text: 'mine' };
    await hub
      .manager({ userId: 'alice' })
      .emit({ type: 'user_message', event_id: 'user_message:m1', thread_id: FOREIGN, payload });
    const tab = await connected('alice');
    tab.say(message('m1', 't1', 'do something else'));
    await clock.advance(50);
    expect(refusal(tab)).toMatchObject({ code: 'FORBIDDEN', ref: 'm1' });
    expect(calls).toEqual([]);
  });
});

/** The same log, of which nobody hears anything. */
function deaf(log: EventLog): EventLog {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'subscribe') return () => () => undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('a credential for some threads, and a run of another', () => {
  it('cancels and approves nothing while it is reserved, open or ended, and learns nothing of it', async () => {
    const { hub, clock, connected } = withWaitingAgent();
    const [owner, intruder] = [await connected('alice'), await connected('alice', {}, LIMITED)];
    const tries = async (): Promise<void> => {
      for (const frame of [cancel('run-m1'), approve('run-m1')]) {
        intruder.say(frame);
        await clock.advance(50);
        expect(refusal(intruder)).toMatchObject({ code: 'THREAD_NOT_ALLOWED' });
        expect(await outcome(hub.requests.handle(frame, { userId: 'alice', ...LIMITED }))).toBe('THREAD_NOT_ALLOWED');
      }
      expect(framesOf(intruder, 'error')).toHaveLength(2);
      intruder.frames.splice(0);
    };
    owner.say(message('m1', FOREIGN, 'mine'));
    await clock.advance(50);
    await tries();
    const starting = hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'run-m1', threadId: FOREIGN });
    await tries();
    const run = await starting;
    expect(run.signal.aborted).toBe(false);
    void run.requestApproval({ toolCallId: 'c1', toolName: 'rm', args: {} }).catch(() => undefined);
    await clock.advance(50);
    await tries();
    expect(framesOf(owner, 'tool_approval_resolved')).toEqual([]);
    await run.complete();
    await tries();
  });

  it('ended before this process began is not told apart by how it ended', async () => {
    const log = new MemoryEventLog();
    const before = setUp({ log, retention: { maxEvents: 1 } });
    const manager = before.hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'a', runId: 'r1', threadId: FOREIGN });
    await run.complete();
    for (let n = 0; n < 600; n += 1) await manager.emit(note(n));
    expect((await manager.history({ limit: 1 })).oldestOffset).toBeGreaterThan(2);
    const after = setUp({ log });
    const alice = { userId: 'alice' };
    expect(await outcome(after.hub.requests.handle(cancel('r1'), { ...alice, ...LIMITED }))).toBe('THREAD_NOT_ALLOWED');
    expect(await outcome(after.hub.requests.handle(cancel('r1'), alice))).toBe('RUN_ALREADY_COMPLETED');
  });

  it('stays open, also one that this process has never heard of', async () => {
    // Two processes on one log, of which the second hears of nothing.
    const log = new MemoryEventLog();
    const [here, there] = [setUp({ log }), setUp({ log: deaf(log) })];
    const tab = await there.connected('alice', {}, LIMITED);
    const run = await here.hub
      .manager({ userId: 'alice' })
      .startRun({ agentName: 'a', runId: 'r1', threadId: FOREIGN });
    tab.say(cancel('r1'));
    await there.clock.advance(5_000);
    expect(refusal(tab)).toMatchObject({ code: 'THREAD_NOT_ALLOWED', ref: 'r1' });
    expect(run.signal.aborted).toBe(false);
  });

  it('that begins while the request is judged is not cancelled by it', async () => {
    const { hub, clock, connected } = withWaitingAgent();
    const intruder = await connected('alice', {}, LIMITED);
    intruder.say(cancel('r1'));
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1', threadId: FOREIGN });
    await clock.advance(5_000);
    expect(run.signal.aborted).toBe(false);
    expect(framesOf(intruder, 'accepted')).toEqual([]);
    expect(JSON.stringify(intruder.frames)).not.toContain(FOREIGN);
  });
});

describe('a credential for some threads, and a run of one of them', () => {
  it('cancels it, reserved or open', async () => {
    const { hub, clock, connected } = withWaitingAgent();
    const tab = await connected('alice', {}, LIMITED);
    tab.say(message('m1', 't1', 'hi'));
    await clock.advance(50);
    tab.say(cancel('run-m1'));
    await clock.advance(50);
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'run-m1', threadId: 't1' });
    expect(run.signal.aborted).toBe(true);
    expect(framesOf(tab, 'accepted')).toMatchObject([{ ref: 'm1' }, { ref: 'run-m1' }]);
  });
});
