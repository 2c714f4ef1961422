import { describe, expect, it } from 'vitest';
import { EMITTER_METHODS } from '../../src/table/emitter-methods.ts';
import { snakeCase } from '../../src/snake-case.ts';
import {
  createIsolatedEmitter,
  createWebsocketEmitter,
  getEmitterPool,
  IsolatedWebSocketEventEmitter,
  UnifiedWebSocketEmitter,
  UserWebSocketEmitter,
  WebSocketEmitterFactory,
  WebSocketEventEmitter,
} from '../../src/index.ts';
import { eventsOf, legacyWorld, storyOf } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

describe('the old emitter', () => {
  it('is one class under all its names', () => {
    expect(WebSocketEventEmitter).toBe(UnifiedWebSocketEmitter);
    expect(IsolatedWebSocketEventEmitter).toBe(UnifiedWebSocketEmitter);
    expect(UserWebSocketEmitter).toBe(UnifiedWebSocketEmitter);
    expect(UnifiedWebSocketEmitter.name).toBe('UnifiedWebSocketEmitter');
  });

  it.each(Object.keys(EMITTER_METHODS))('has %s in both spellings', (name) => {
    const emitter = new UnifiedWebSocketEmitter(legacyWorld().manager);
    for (const spelled of [name, snakeCase(name)]) expect(Reflect.get(emitter, spelled)).toBeTypeOf('function');
  });

  it('emits a run of its own, a new one with each start', async () => {
    const { manager } = legacyWorld();
    const emitter = new UnifiedWebSocketEmitter(manager, 'alice', { threadId: 't1' });
    for (const task of ['one', 'two']) {
      await emitter.emitAgentStarted({ agent_name: 'analyst', task });
      await emitter.emit_agent_thinking({ thinking: 'Hm' });
      await emitter.emitToolExecuting({ tool_name: 'search', parameters: { q: task } });
      await emitter.emitToolCompleted({ tool_name: 'search', results: task, execution_time_ms: 3 });
      await emitter.emit_agent_completed({ final_response: task });
    }
    const events = await eventsOf(manager);
    const runs = [...new Set(events.map((event) => event.run_id))];
    expect(runs).toHaveLength(2);
    expect(events.map((event) => runs.indexOf(event.run_id))).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(new Set(events.map((event) => event.thread_id))).toEqual(new Set(['t1']));
  });

  it('has notify twins that take what is always said', async () => {
    const { manager } = legacyWorld();
    const emitter = createWebsocketEmitter(manager, { runId: 'r1' });
    await emitter.notifyAgentStarted('analyst', { task: 'count' });
    await emitter.notifyAgentThinking('analyst', 'Hm', { step_number: 1 });
    await emitter.notify_tool_executing('search', { q: 1 }, { execution_id: 'c1' });
    await emitter.notifyToolCompleted('search', { hits: 2 }, { duration: 1 });
    await emitter.notify_agent_completed('analyst', 'Two.', { duration_ms: 9 });
    expect(await storyOf(manager)).toEqual([
      ['agent_started', { agent_name: 'analyst', task: 'count' }],
      ['agent_thinking', { agent_name: 'analyst', delta: 'Hm', step_number: 1 }],
      ['tool_executing', { tool_call_id: 'c1', tool_name: 'search', args: { q: 1 } }],
      [
        'tool_completed',
        { tool_call_id: 'c1', tool_name: 'search', success: true, result: { hits: 2 }, duration_ms: 1000 },
      ],
      ['agent_completed', { agent_name: 'analyst', status: 'completed', final_response: 'Two.', duration_ms: 9 }],
    ]);
  });

  it('keeps runs of two emitters apart', async () => {
    const { manager } = legacyWorld();
    const [first, second] = [
      WebSocketEmitterFactory.createEmitter(manager),
      WebSocketEmitterFactory.create_emitter(manager),
    ];
    await Promise.all([first.emitAgentStarted({ agent_name: 'a' }), second.emitAgentStarted({ agent_name: 'b' })]);
    await Promise.all([first.emitAgentThinking({ thought: 'x' }), second.emitAgentThinking({ thought: 'y' })]);
    const events = await eventsOf(manager);
    expect(events[2]?.run_id).toBe(events[0]?.run_id);
    expect(events[3]?.run_id).toBe(events[1]?.run_id);
    expect(events[0]?.run_id).not.toBe(events[1]?.run_id);
  });

  it('comes from a pool that keeps nothing, and for a context', async () => {
    const { hub, manager } = legacyWorld();
    const pool = getEmitterPool(hub);
    const emitter = await pool.acquire({ userId: 'alice' });
    await emitter.emitAgentStarted({ agent_name: 'a' });
    await pool.release(emitter);
    expect(await pool.acquire({ userId: 'alice' })).not.toBe(emitter);
    await createIsolatedEmitter({ userId: 'alice' }, { agentName: 'named' }, hub).emitAgentStarted({});
    expect((await eventsOf(manager)).map(({ payload }) => payload['agent_name'])).toEqual(['a', 'named']);
  });
});
