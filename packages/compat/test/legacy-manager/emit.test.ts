import { describe, expect, it } from 'vitest';
import { eventsOf, legacyWorld, storyOf } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

describe('legacy emits', () => {
  it('run a whole agent without a run id, in one run', async () => {
    const { manager } = legacyWorld();
    await manager.emitCriticalEvent('alice', 'agent_started', { agent_name: 'analyst', task_description: 'count' });
    await manager.sendToUser('alice', { type: 'agent_thinking', payload: { thought: 'Look', step_number: 1 } });
    await manager.sendAgentEvent('alice', 'tool_executing', { name: 'search', params: { q: 'x' } });
    await manager.emit_agent_event('alice', 'tool_completed', { tool_name: 'search', output: [1], duration: 0.5 });
    const receipt = await manager.sendEvent('agent_completed', { response: 'One.', duration_ms: 7 });
    const events = await eventsOf(manager);
    expect(new Set(events.map((event) => event.run_id))).toEqual(new Set([receipt.runId]));
    const [call] = events.flatMap(({ payload }) => payload['tool_call_id'] ?? []);
    expect(await storyOf(manager)).toEqual([
      ['agent_started', { agent_name: 'analyst', task: 'count' }],
      ['agent_thinking', { delta: 'Look', step_number: 1 }],
      ['tool_executing', { tool_call_id: call, tool_name: 'search', args: { q: 'x' } }],
      ['tool_completed', { tool_call_id: call, tool_name: 'search', success: true, result: [1], duration_ms: 500 }],
      ['agent_completed', { status: 'completed', final_response: 'One.', duration_ms: 7 }],
    ]);
  });

  it('are taken in order when nobody awaits them', async () => {
    const { manager } = legacyWorld();
    const types = ['agent_start', 'agent_progress', 'tool_call', 'tool_result', 'agent_finished'];
    await Promise.all(
      types.map((type) => manager.emitCriticalEvent('alice', type, { tool_name: 'search', thinking: 'Hm' })),
    );
    expect((await eventsOf(manager)).map(({ type }) => type)).toEqual([
      'agent_started',
      'agent_thinking',
      'tool_executing',
      'tool_completed',
      'agent_completed',
    ]);
  });

  it('start what was never started, and end what was left open', async () => {
    const { manager } = legacyWorld();
    await manager.sendToThread('t1', {
      type: 'tool_executing',
      data: { run_id: 'r1', agent_name: 'a', tool_name: 'x' },
    });
    await manager.sendToUser('alice', { type: 'tool_complete', run_id: 'r1', tool_name: 'y', result: 2 });
    await manager.sendToUser('alice', { type: 'agent_complete', run_id: 'r1', status: 'success' });
    const events = await eventsOf(manager);
    expect(events.map(({ type, run_id, payload }) => [type, run_id, payload['tool_name'], payload['success']])).toEqual(
      [
        ['agent_started', 'r1', undefined, undefined],
        ['tool_executing', 'r1', 'x', undefined],
        ['tool_executing', 'r1', 'y', undefined],
        ['tool_completed', 'r1', 'y', true],
        ['tool_completed', 'r1', 'x', false],
        ['agent_completed', 'r1', undefined, undefined],
      ],
    );
    expect(new Set(events.map((event) => event.thread_id))).toEqual(new Set(['t1']));
  });

  it('never guess which of several runs is meant', async () => {
    const { manager } = legacyWorld();
    for (const runId of ['r1', 'r2'])
      await manager.emitCriticalEvent('alice', 'agent_started', { run_id: runId, agent_name: runId });
    await expect(manager.emitCriticalEvent('alice', 'agent_thinking', { thought: 'Hm' })).rejects.toMatchObject({
      code: 'INVALID_EVENT',
    });
    const receipt = await manager.emitCriticalEvent('alice', 'agent_thinking', { thought: 'Hm', agent_name: 'r2' });
    expect(receipt.runId).toBe('r2');
  });

  it('refuse near misses, and events of a run that has ended', async () => {
    const { manager } = legacyWorld();
    await expect(manager.sendToUser('alice', { type: 'agent_stared' })).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    await manager.emitCriticalEvent('alice', 'agent_completed', { run_id: 'r1' });
    await expect(manager.emitCriticalEvent('alice', 'agent_thinking', { run_id: 'r1' })).rejects.toMatchObject({
      code: 'RUN_ALREADY_COMPLETED',
    });
    await expect(manager.sendToUser('alice', { no: 'type' })).rejects.toMatchObject({ code: 'INVALID_EVENT' });
  });

  it('pass on application events, with what JSON can’t carry as text', async () => {
    const { manager } = legacyWorld();
    const at = new Date(0);
    await manager.broadcast({ type: 'invoice_ready', payload: { at, ids: new Set([1]), cents: 5n } });
    await manager.broadcastSystemMessage({ type: 'notice', text: 'hello', user_id: 'alice' });
    expect(await storyOf(manager)).toEqual([
      ['invoice_ready', { at: '1970-01-01T00:00:00.000Z', ids: [1], cents: '5' }],
      ['notice', { text: 'hello' }],
    ]);
  });

  it('keep extra fields, and never let them into the envelope', async () => {
    const { manager } = legacyWorld();
    const data = { run_id: 'r1', thought: 'Hm', total_steps: 3, timestamp: 'now', offset: 99, event_type: 'x' };
    await manager.emitCriticalEvent('alice', 'agent_thinking', data);
    const [, thinking] = await eventsOf(manager);
    expect(thinking).toMatchObject({ type: 'agent_thinking', offset: 2, payload: { delta: 'Hm', total_steps: 3 } });
    expect(Object.keys(thinking?.payload ?? {}).sort()).toEqual(['delta', 'total_steps']);
  });

  it('wait for the acknowledgement where that is asked for', async () => {
    const { clock, manager } = legacyWorld();
    const sent = manager.sendToUserWithWait('alice', { type: 'notice' }, 3);
    await clock.advance(3_000);
    expect(await sent).toMatchObject({ offset: 1, confirmed: false });
  });

  it('come after the commit, or not at all', async () => {
    const { manager } = legacyWorld();
    expect(manager.isCoordinationEnabled()).toBe(false);
    await expect(manager.sendEventAfterCommit('alice', 'notice', {})).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    manager.setTransactionCoordinator({ whenCommitted: () => Promise.resolve() });
    expect(manager.isCoordinationEnabled()).toBe(true);
    await manager.sendEventAfterCommit('alice', 'notice', {});
    const rollback = Promise.reject(new Error('rolled back'));
    await expect(manager.sendEventAfterCommit('alice', 'notice', {}, rollback)).rejects.toThrow('rolled back');
    expect(await eventsOf(manager)).toHaveLength(1);
  });
});
