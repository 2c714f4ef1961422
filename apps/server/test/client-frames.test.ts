import { describe, expect, it } from 'vitest';
import type { UserMessage } from '@ws/core';
import { completed, executing, note, started, toolDone, type PublishedEvent } from './support/events.ts';
import { mustPublish, publish, errorCode, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';
import { SECRET_FILE, signToken } from './support/tokens.ts';

const asked: UserMessage[] = [];

/** Answers every message; the ones that say "wait" are answered when they are cancelled. */
const service = useService({ WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE, WS_COALESCE_MS: '0' }, async (message) => {
  asked.push(message);
  if (message.text === 'throw') throw new Error('the agent is broken');
  await using run = await message.manager.startRun({
    agentName: 'echo',
    runId: message.runId,
    threadId: message.threadId,
  });
  if (message.text === 'wait') {
    await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
    return;
  }
  await run.complete({ finalResponse: message.text });
});

async function connect(user = freshUser()): Promise<{ peer: Peer; user: string }> {
  return { peer: await Peer.ready(service.url, { token: await tokenFor(service.url, user) }), user };
}

const message = (message_id: string, text: string, thread_id?: string): object => ({
  type: 'user_message',
  message_id,
  ...(thread_id === undefined ? {} : { thread_id }),
  payload: { text },
});

const timesAsked = (id: string): number => asked.filter(({ messageId }) => messageId === id).length;

/** Everything said so far has been dealt with: the answer to a ping comes after. */
async function roundTrip(peer: Peer, id: string): Promise<void> {
  peer.say({ type: 'ping', id });
  await peer.frame((frame) => frame.type === 'pong' && frame['id'] === id);
}

describe('user_message', () => {
  it('is accepted with its run and thread, and every tab of the user sees it', async () => {
    const { peer, user } = await connect();
    const { peer: tab } = await connect(user);
    peer.say(message('m1', 'hi', 't1'));
    const accepted = await peer.frame('accepted');
    expect(accepted).toEqual({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: expect.any(String) as unknown });
    for (const it of [peer, tab]) {
      await it.frame('agent_completed');
      expect(it.events.map(({ type, thread_id }) => [type, thread_id])).toEqual([
        ['user_message', 't1'],
        ['agent_started', 't1'],
        ['agent_completed', 't1'],
      ]);
      expect(it.events[0]?.payload).toEqual({ message_id: 'm1', text: 'hi' });
      expect(it.events.at(-1)).toMatchObject({ run_id: accepted['run_id'], payload: { final_response: 'hi' } });
    }
    expect(tab.frames.map(({ type }) => type)).not.toContain('accepted');
  });

  it('without a thread opens one', async () => {
    const { peer } = await connect();
    peer.say(message('m2', 'hi'));
    const { thread_id } = await peer.frame('accepted');
    expect(thread_id).toMatch(/\S/);
    expect((await peer.frame('user_message'))['thread_id']).toBe(thread_id);
  });

  it('repeated: the same answer, one message and one run', async () => {
    const { peer, user } = await connect();
    peer.say(message('m3', 'hi', 't1'));
    peer.say(message('m3', 'hi', 't1'));
    const { peer: tab } = await connect(user);
    tab.say(message('m3', 'hi', 't1'));
    await tab.frame('accepted');
    await peer.until(() => peer.frames.filter(({ type }) => type === 'accepted').length === 2, 'two answers');
    await peer.frame('agent_completed');
    peer.say(message('m3', 'something else', 't2'));
    expect(await peer.frame('error')).toMatchObject({ code: 'ID_CONFLICT', ref: 'm3' });
    const answers = [...peer.frames, ...tab.frames].filter(({ type }) => type === 'accepted');
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(peer.events.map(({ type }) => type)).toEqual(['user_message', 'agent_started', 'agent_completed']);
    expect(timesAsked('m3')).toBe(1);
  });

  it('the same id of two users is two messages', async () => {
    const [alice, bob] = [await connect(), await connect()];
    alice.peer.say(message('shared', 'from alice'));
    bob.peer.say(message('shared', 'from bob'));
    expect((await alice.peer.frame('agent_completed'))['payload']).toMatchObject({ final_response: 'from alice' });
    expect((await bob.peer.frame('agent_completed'))['payload']).toMatchObject({ final_response: 'from bob' });
    expect(alice.peer.events).toHaveLength(3);
  });

  it('an agent that throws ends its run as failed, with the reason', async () => {
    const { peer } = await connect();
    peer.say(message('m4', 'throw'));
    const failed = { status: 'failed', error: 'the agent is broken' };
    expect(await peer.frame('agent_completed')).toMatchObject({ payload: failed });
  });

  it('as long as a message may be', async () => {
    const { peer } = await connect();
    const text = '🦊'.repeat(15_000);
    peer.say(message('m5', text));
    expect(await peer.frame('agent_completed')).toMatchObject({ payload: { final_response: text } });
  });
});

describe('cancel_run', () => {
  it('ends the run as cancelled, from any tab; repeated it is the same answer', async () => {
    const { peer, user } = await connect();
    const { peer: tab } = await connect(user);
    peer.say(message('c1', 'wait'));
    const { run_id } = await peer.frame('agent_started');
    tab.say({ type: 'cancel_run', run_id });
    expect(await tab.frame('accepted')).toEqual({ type: 'accepted', ref: run_id, run_id });
    expect(await peer.frame('agent_completed')).toMatchObject({ run_id, payload: { status: 'cancelled' } });
    peer.say({ type: 'cancel_run', run_id });
    expect(await peer.frame((frame) => frame.type === 'accepted' && frame['ref'] === run_id)).toMatchObject({ run_id });
    await roundTrip(peer, 'after');
    expect(peer.events.filter(({ type }) => type === 'agent_completed')).toHaveLength(1);
  });

  it('of a run published over HTTP ends it, and its publisher is told', async () => {
    const { peer, user } = await connect();
    await mustPublish(service.url, user, [started('r1'), executing('r1', 'c1')]);
    peer.say({ type: 'cancel_run', run_id: 'r1' });
    await peer.frame('agent_completed');
    expect(peer.events.map(({ type }) => type)).toEqual([
      'agent_started',
      'tool_executing',
      'tool_completed',
      'agent_completed',
    ]);
    const answer = await publish(service.url, user, [toolDone('r1', 'c1')]);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 409, code: 'RUN_CANCELLED' });
  });

  it.each([
    ['a run that never was', [], 'RUN_NOT_OPEN'],
    ['a run that has ended', [started('r1'), completed('r1')], 'RUN_ALREADY_COMPLETED'],
  ])('of %s is an error, and the connection stays', async (_name, events: readonly PublishedEvent[], code) => {
    const { peer, user } = await connect();
    if (events.length > 0) await mustPublish(service.url, user, events);
    peer.say({ type: 'cancel_run', run_id: 'r1' });
    expect(await peer.frame('error')).toMatchObject({ code, fatal: false, ref: 'r1' });
    await roundTrip(peer, 'after');
  });

  it("of another user's run does nothing to it", async () => {
    const [alice, bob] = [await connect(), await connect()];
    await mustPublish(service.url, alice.user, [started('r1')]);
    bob.peer.say({ type: 'cancel_run', run_id: 'r1' });
    expect(await bob.peer.frame('error')).toMatchObject({ code: 'RUN_NOT_OPEN' });
    expect(await mustPublish(service.url, alice.user, [completed('r1')])).toEqual([2]);
  });

  it('closing every socket cancels nothing', async () => {
    const { peer, user } = await connect();
    peer.say(message('c2', 'wait'));
    const { run_id } = await peer.frame('agent_started');
    await peer.close();
    const { peer: back } = await connect(user);
    expect(back.frames[0]).toMatchObject({ open_runs: [{ run_id }] });
    back.say({ type: 'cancel_run', run_id });
    await back.frame('agent_completed');
  });
});

describe('tool_approval', () => {
  const ask = (id: string): PublishedEvent => ({
    type: 'tool_approval_requested',
    run_id: 'r1',
    payload: { tool_call_id: id, tool_name: 'delete', args: {}, expires_at: Date.now() + 60_000 },
  });
  const decide = (tool_call_id: string, approved: boolean): object => ({
    type: 'tool_approval',
    run_id: 'r1',
    tool_call_id,
    approved,
  });

  it('is accepted once decided, and every tab and the publisher see the decision', async () => {
    const { peer, user } = await connect();
    const { peer: tab } = await connect(user);
    await mustPublish(service.url, user, [started('r1'), ask('c1')]);
    peer.say({ ...decide('c1', true), reason: 'looks fine' });
    expect(await peer.frame('accepted')).toEqual({ type: 'accepted', ref: 'c1', run_id: 'r1' });
    expect(await tab.frame('tool_approval_resolved')).toMatchObject({
      run_id: 'r1',
      payload: { tool_call_id: 'c1', approved: true, reason: 'looks fine' },
    });
    expect(await mustPublish(service.url, user, [executing('r1', 'c1')])).toEqual([4]);
  });

  it('the same decision again is accepted; another one comes too late', async () => {
    const { peer, user } = await connect();
    await mustPublish(service.url, user, [started('r1'), ask('c1')]);
    peer.say(decide('c1', false));
    await peer.frame('accepted');
    peer.say(decide('c1', false));
    await peer.until(() => peer.frames.filter(({ type }) => type === 'accepted').length === 2, 'two answers');
    peer.say(decide('c1', true));
    expect(await peer.frame('error')).toMatchObject({ code: 'APPROVAL_NOT_PENDING', ref: 'c1', fatal: false });
    expect(peer.events.filter(({ type }) => type === 'tool_approval_resolved')).toHaveLength(1);
  });

  it('of nothing that waits is an error', async () => {
    const { peer, user } = await connect();
    await mustPublish(service.url, user, [started('r1')]);
    peer.say(decide('c9', true));
    expect(await peer.frame('error')).toMatchObject({ code: 'APPROVAL_NOT_PENDING', ref: 'c9', fatal: false });
  });
});

describe('ack, ping', () => {
  it('ack of anything is taken without an answer', async () => {
    const { peer, user } = await connect();
    await mustPublish(service.url, user, [note(1)]);
    await peer.frame('app.note');
    for (const offset of [1, 0, 1, 99, Number.MAX_SAFE_INTEGER]) peer.say({ type: 'ack', offset });
    await roundTrip(peer, 'after');
    expect(peer.frames.map(({ type }) => type)).toEqual(['connection_ready', 'app.note', 'pong']);
  });

  it('ping is answered with its id, or without one, and the time', async () => {
    const { peer } = await connect();
    const before = Date.now();
    peer.say({ type: 'ping' });
    const pong = await peer.frame('pong');
    expect(Object.keys(pong).sort()).toEqual(['timestamp', 'type']);
    expect(pong['timestamp']).toBeGreaterThanOrEqual(before);
    await roundTrip(peer, 'x'.repeat(128));
  });

  it('fields nobody knows are passed over', async () => {
    const { peer } = await connect();
    peer.say({ type: 'ping', id: 'p', future: { field: 1 } });
    await peer.frame('pong');
  });
});

describe('auth', () => {
  it('a fresh token of the same user is taken, on the live connection', async () => {
    const { peer, user } = await connect();
    peer.say({ type: 'auth', token: await signToken({ sub: user }, { expiresIn: 7_200 }) });
    const ok = await peer.frame('auth_ok');
    expect(Math.round((Number(ok['expires_at']) - Date.now()) / 1_000 / 60)).toBe(120);
    expect(peer.closed).toBeUndefined();
  });

  it("another user's token closes with 4503", async () => {
    const { peer } = await connect();
    peer.say({ type: 'auth', token: await tokenFor(service.url, 'mallory') });
    expect((await peer.ended()).code).toBe(4503);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'ISOLATION_VIOLATION', fatal: true });
  });

  it.each([
    ['nonsense', async () => 'nonsense', 'CREDENTIAL_INVALID'],
    ['an expired one', async (user: string) => signToken({ sub: user }, { expiresIn: -60 }), 'CREDENTIAL_EXPIRED'],
  ])('%s is an error, and the old one stays good', async (_name, make: (user: string) => Promise<string>, code) => {
    const { peer, user } = await connect();
    peer.say({ type: 'auth', token: await make(user) });
    expect(await peer.frame('error')).toMatchObject({ code, fatal: false });
    await roundTrip(peer, 'after');
  });

  it('a token that ends soon: auth_expiring at once, a fresh one saves the connection', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await signToken({ sub: user }, { expiresIn: 30 }) });
    const { expires_at } = await peer.frame('auth_expiring');
    expect(expires_at).toBe(peer.frames[0]?.['expires_at']);
    peer.say({ type: 'auth', token: await signToken({ sub: user }) });
    expect((await peer.frame('auth_ok'))['expires_at']).toBeGreaterThan(Number(expires_at));
    await peer.close();
  });

  it('a token that ends is closed with 4001', async () => {
    const peer = await Peer.ready(service.url, { token: await signToken({ sub: freshUser() }, { expiresIn: 1 }) });
    expect((await peer.ended()).code).toBe(4001);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'CREDENTIAL_EXPIRED', fatal: true });
  });

  it('a token that allows less than the connection reads closes with 4503', async () => {
    const { peer, user } = await connect();
    peer.say({ type: 'auth', token: await signToken({ sub: user, threads: ['t1'] }) });
    expect((await peer.ended()).code).toBe(4503);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'THREAD_NOT_ALLOWED', fatal: true });
  });

  it('a token that allows what the connection reads is taken', async () => {
    const user = freshUser();
    const token = await signToken({ sub: user, threads: ['t1', 't2'] });
    const peer = await Peer.ready(service.url, { token, hello: { threads: ['t1'] } });
    peer.say({ type: 'auth', token: await signToken({ sub: user, threads: ['t1'] }) });
    await peer.frame('auth_ok');
    await peer.close();
  });
});

describe('connections of one user', () => {
  it('over the limit the oldest goes with 4509', async () => {
    const user = freshUser();
    const token = await tokenFor(service.url, user);
    const peers: Peer[] = [];
    for (let n = 0; n < 21; n += 1) peers.push(await Peer.ready(service.url, { token }));
    expect((await peers[0]?.ended())?.code).toBe(4509);
    expect(peers[0]?.frames.at(-1)).toMatchObject({ type: 'error', code: 'CONNECTION_REPLACED', fatal: true });
    await mustPublish(service.url, user, [note(1)]);
    await Promise.all(peers.slice(1).map((peer) => peer.frame('app.note')));
    for (const peer of peers) peer.socket.terminate();
  });
});
