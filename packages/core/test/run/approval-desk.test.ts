import { describe, expect, it } from 'vitest';
import { framesOf, outcome, setUp } from '../support/world.ts';

async function started() {
  const world = setUp();
  const tab = await world.connected('alice');
  const run = await world.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
  const ask = (toolCallId = 'c1') =>
    run.requestApproval({ toolName: 'delete', args: { path: 'a' }, toolCallId, timeoutMs: 40_000 });
  const say = async (approved: boolean, more: object = {}, socket = tab) => {
    socket.say({ type: 'tool_approval', tool_call_id: 'c1', run_id: 'r1', approved, ...more });
    await world.clock.advance(50);
  };
  return { ...world, tab, run, ask, say };
}

describe('asking the user for approval', () => {
  it('gives the answer of any tab to the agent, and tells the other tabs', async () => {
    const { clock, connected, tab, ask, say } = await started();
    const decision = ask();
    await clock.advance(50);
    const late = await connected('alice');
    expect(late.frames[0]).toMatchObject({
      open_runs: [{ run_id: 'r1', pending_approvals: [{ tool_call_id: 'c1', tool_name: 'delete' }] }],
    });
    await say(true, { reason: 'go on' }, late);
    expect(await decision).toEqual({ approved: true, reason: 'go on' });
    expect(framesOf(late, 'accepted')).toEqual([{ type: 'accepted', ref: 'c1', run_id: 'r1' }]);
    expect(framesOf(tab, 'tool_approval_resolved')).toMatchObject([
      { run_id: 'r1', payload: { tool_call_id: 'c1', approved: true, reason: 'go on' } },
    ]);
  });

  it.each([NaN, -1, 1.5, Infinity])('refuses %s as a time', async (timeoutMs) => {
    const { run, tab } = await started();
    expect(await outcome(run.requestApproval({ toolName: 'pay', args: {}, timeoutMs }))).toBe('INVALID_OPTION');
    expect(framesOf(tab, 'tool_approval_requested')).toEqual([]);
  });

  it('takes the same answer twice, and refuses another one', async () => {
    const { clock, tab, ask, say } = await started();
    const decision = ask();
    await clock.settle();
    await say(false);
    await say(false);
    await say(true);
    expect(await decision).toEqual({ approved: false });
    expect(framesOf(tab, 'accepted')).toHaveLength(2);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'APPROVAL_NOT_PENDING', fatal: false }]);
    expect(framesOf(tab, 'tool_approval_resolved')).toHaveLength(1);
  });

  it('lapses at its deadline, and says so to every tab', async () => {
    const { clock, tab, ask } = await started();
    const decision = ask();
    await clock.advance(39_999);
    expect(framesOf(tab, 'tool_approval_resolved')).toEqual([]);
    await clock.advance(100);
    expect(await decision).toEqual({ approved: false, reason: 'no answer came in time' });
    expect(framesOf(tab, 'tool_approval_resolved')).toMatchObject([{ payload: { approved: false } }]);
  });

  it('settles when the run ends', async () => {
    const { hub, clock, tab, ask, say } = await started();
    const decision = ask();
    await clock.settle();
    await hub.manager({ userId: 'alice' }).interruptRun('r1');
    expect(await decision).toEqual({ approved: false, reason: 'the run has ended' });
    await say(true);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'RUN_ALREADY_COMPLETED' }]);
  });

  it('refuses a second request for the same call, and leaves the first waiting', async () => {
    const { clock, ask, say } = await started();
    const first = ask();
    await clock.settle();
    expect(await outcome(ask())).toBe('APPROVAL_ALREADY_PENDING');
    await say(true);
    expect(await first).toEqual({ approved: true });
  });

  it('asked again after an answer, takes the same answer again', async () => {
    const { clock, ask, say } = await started();
    const first = ask();
    await clock.settle();
    await say(false);
    const second = ask();
    await clock.settle();
    await say(false);
    expect(await Promise.all([first, second])).toEqual([{ approved: false }, { approved: false }]);
  });

  it('fails where the run is not open', async () => {
    const { run, ask } = await started();
    await run.complete();
    expect(await outcome(ask())).toBe('RUN_ALREADY_COMPLETED');
  });
});
