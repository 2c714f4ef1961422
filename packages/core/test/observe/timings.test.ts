import { describe, expect, it } from 'vitest';
import type { TimingName } from '../../src/observe.ts';
import type { EventInput } from '@ws/types';
import { setUp } from '../support/world.ts';

function timed(options: Parameters<typeof setUp>[0] = {}) {
  const timings: [TimingName, number][] = [];
  const world = setUp({ ...options, onTiming: (name, durationMs) => timings.push([name, durationMs]) });
  const of = (wanted: TimingName): number[] => timings.flatMap(([name, ms]) => (name === wanted ? [ms] : []));
  return { ...world, of };
}

const started = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } } as const;
const thinking = (delta: string) => ({ type: 'agent_thinking', run_id: 'r1', payload: { delta } }) as const;
const message: EventInput = { type: 'user_message', payload: { message_id: 'm1', text: 'Hello' } };

describe('timings', () => {
  it('delivery: how long the first event of a write waited, the coalescing window included', async () => {
    const { hub, clock, connected, of } = timed({ tuning: { coalesceMs: 25 } });
    await connected('alice');
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(started);
    await clock.settle();
    expect(of('delivery')).toEqual([0]);
    await manager.emit(thinking('a'));
    await clock.advance(10);
    await manager.emit(thinking('b'));
    await clock.advance(15);
    expect(of('delivery')).toEqual([0, 25]);
  });

  it('delivery: nothing where nobody follows', async () => {
    const { hub, clock, of } = timed();
    await hub.manager({ userId: 'alice' }).emit(message);
    await clock.advance(100);
    expect(of('delivery')).toEqual([]);
    expect(of('append')).toHaveLength(1);
  });

  it('append: nothing where nothing was written', async () => {
    const { hub, clock, of } = timed();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit({ ...message, event_id: 'e1' });
    await clock.advance(5_000);
    expect(await manager.emit({ ...message, event_id: 'e1' })).toMatchObject({ duplicate: true });
    expect(of('append')).toEqual([0]);
  });

  it('catch-up: from connection_ready to the head, only where events lay between', async () => {
    const { hub, connected, of } = timed();
    await connected('alice');
    expect(of('catch_up')).toEqual([]);
    await hub.manager({ userId: 'alice' }).emit(message);
    await connected('alice', { from: 'earliest' });
    expect(of('catch_up')).toHaveLength(1);
    expect(of('open')).toHaveLength(2);
  });

  it('catch-up: from turning lagging to the head', async () => {
    const { hub, clock, connected, of } = timed({ tuning: { outboundBudgetBytes: 300, heartbeatMs: 10_000_000 } });
    const tab = await connected('alice');
    tab.stall();
    for (let n = 0; n < 10; n += 1) {
      await hub.manager({ userId: 'alice' }).emit(message);
      await clock.settle();
    }
    await clock.advance(5_000);
    expect(of('catch_up')).toEqual([]);
    tab.unstall();
    await clock.advance(100);
    expect(of('catch_up')).toEqual([5_000]);
  });
});
