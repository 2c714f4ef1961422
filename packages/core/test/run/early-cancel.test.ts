import { expect, it } from 'vitest';
import { createHub, type UserMessage } from '../../src/index.ts';
import { FakeClock, FakeSocket } from '../../src/testing.ts';

async function setUp() {
  const clock = new FakeClock();
  const asked: UserMessage[] = [];
  const hub = createHub({ clock, onUserMessage: (message) => void asked.push(message) });
  const manager = hub.manager({ userId: 'alice' });
  const tab = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
  tab.say({ type: 'hello' });
  await clock.settle();
  tab.say({ type: 'user_message', message_id: 'm1', payload: { text: 'hi' } });
  await clock.settle();
  const [message] = asked;
  if (message === undefined) throw new Error('the agent was not asked');
  return { clock, manager, tab, message };
}

it('a run that was accepted and has not begun can be cancelled, and begins cancelled', async () => {
  const { clock, manager, tab, message } = await setUp();
  tab.say({ type: 'cancel_run', run_id: message.runId });
  await clock.settle();
  expect(tab.frames.at(-1)).toMatchObject({ type: 'accepted', ref: message.runId });
  const run = await manager.startRun({ agentName: 'slow', runId: message.runId, threadId: message.threadId });
  expect(run.signal.aborted).toBe(true);
  await clock.advance(3_000);
  expect(tab.frames.at(-1)).toMatchObject({ type: 'agent_completed', payload: { status: 'cancelled' } });
});

it('a run that nobody reserved can not', async () => {
  const { clock, tab } = await setUp();
  tab.say({ type: 'cancel_run', run_id: 'never' });
  await clock.settle();
  expect(tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'RUN_NOT_OPEN', ref: 'never' });
});

it('a run that is ended from outside aborts its agent', async () => {
  const { manager } = await setUp();
  const run = await manager.startRun({ agentName: 'lost', runId: 'r1' });
  await manager.interruptRun('r1');
  expect(run.signal.aborted).toBe(true);
});
