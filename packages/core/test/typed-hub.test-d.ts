import { describe, expectTypeOf, it } from 'vitest';
import * as v from 'valibot';
import type { InferEvents } from '@ws/types';
import { createHub, getWebSocketManager, type Hub, type UnifiedWebSocketManager } from '../src/index.ts';

// Nothing is declared in `@ws/types` here: another program of this process has other events.
const events = { report_ready: v.object({ pages: v.number() }) };
type Events = InferEvents<typeof events>;

const hub = createHub<Events>({
  events,
  onUserMessage: async ({ text, runId, manager }) => {
    await using run = await manager.startRun({ agentName: 'writer', task: text, runId });
    await run.emit('report_ready', { pages: 3 });
    // @ts-expect-error pages is a number
    await run.emit('report_ready', { pages: 'three' });
  },
});
const manager = hub.manager({ userId: 'u1' });

describe('a hub of the events of one program', () => {
  it('takes them, and those of the protocol', async () => {
    void manager.emit({ type: 'report_ready', payload: { pages: 3 } });
    void manager.emitAll([{ type: 'report_ready', run_id: 'r1', payload: { pages: 3 } }]);
    void manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'hm' } });
    expectTypeOf(
      manager.emit({ type: 'report_ready', payload: { pages: 3 } }, { confirm: {} }),
    ).resolves.toHaveProperty('confirmed');
    // @ts-expect-error the payload of another event
    void manager.emit({ type: 'report_ready', payload: { delta: 'hm' } });
    // @ts-expect-error no such event
    void manager.emit({ type: 'report_redy', payload: { pages: 3 } });
    const run = await manager.startRun({ agentName: 'writer' });
    void run.emit('report_ready', { pages: 3 });
    void run.think('hm');
    // @ts-expect-error no such event
    void run.emit('report_redy', { pages: 3 });
  });

  it('gives them to readers, discriminated by type', async () => {
    for await (const item of manager.follow()) {
      if (item.kind === 'event' && item.event.type === 'report_ready') {
        expectTypeOf(item.event.payload).toEqualTypeOf<{ pages: number }>();
      }
      if (item.kind === 'event' && item.event.type === 'agent_thinking') {
        expectTypeOf(item.event.payload.delta).toEqualTypeOf<string>();
      }
      if (item.kind === 'reset') expectTypeOf(item.position.offset).toEqualTypeOf<number>();
    }
  });

  it('is a hub, and its managers are managers', () => {
    expectTypeOf(hub).toExtend<Hub>();
    expectTypeOf(manager).toExtend<UnifiedWebSocketManager>();
    expectTypeOf(getWebSocketManager({ userId: 'u1' }, hub)).toEqualTypeOf<UnifiedWebSocketManager>();
    expectTypeOf(getWebSocketManager<Events>({ userId: 'u1' })).toEqualTypeOf(manager);
    expectTypeOf(createHub()).toEqualTypeOf<Hub>();
    expectTypeOf(createHub({ events })).toEqualTypeOf<Hub>();
  });
});
