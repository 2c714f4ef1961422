import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { setUp } from '../support/world.ts';

const started: EventInput = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } };
const thinking = (delta: string, run_id = 'r1'): EventInput => ({ type: 'agent_thinking', run_id, payload: { delta } });
const chunk = (delta: string): EventInput => ({ type: 'agent_response_chunk', run_id: 'r1', payload: { delta } });

async function following(coalesceMs: number) {
  const world = setUp({ coalesceMs });
  const tab = await world.connected('alice');
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emit(started);
  await world.clock.settle();
  const texts = (): unknown[] =>
    tab.frames.flatMap((frame) =>
      'payload' in frame && frame.type !== 'agent_started' ? [frame.payload['delta'] ?? frame.type] : [],
    );
  return { ...world, tab, manager, texts };
}

describe('the coalescing window', () => {
  it('joins the deltas of 25 ms', async () => {
    const { clock, manager, texts } = await following(25);
    for (const text of 'abc') {
      await manager.emit(thinking(text));
      await clock.advance(5);
    }
    expect(texts()).toEqual([]);
    await clock.advance(10);
    expect(texts()).toEqual(['abc']);
    await manager.emit(thinking('d'));
    await clock.advance(24);
    expect(texts()).toEqual(['abc']);
    await clock.advance(1);
    expect(texts()).toEqual(['abc', 'd']);
  });

  it('is flushed by any other event, before it and in order', async () => {
    const { clock, manager, texts } = await following(25);
    await manager.emit(thinking('a'));
    await manager.emit(thinking('b'));
    await manager.emit(chunk('x'));
    await manager.emit({ type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } });
    await clock.settle();
    expect(texts()).toEqual(['ab', 'x', 'agent_completed']);
  });

  it('keeps runs apart', async () => {
    const { clock, manager, texts } = await following(25);
    await manager.emit({ ...started, run_id: 'r2' });
    for (const run of ['r1', 'r2', 'r1', 'r1']) await manager.emit(thinking(run, run));
    await clock.advance(25);
    expect(texts()).toEqual(['r1', 'r2', 'r1r1']);
  });

  it('of 0 sends each delta alone and at once', async () => {
    const { clock, manager, texts } = await following(0);
    await manager.emit(thinking('a'));
    await manager.emit(thinking('b'));
    await clock.settle();
    expect(texts()).toEqual(['a', 'b']);
  });
});

describe('a delivery tick', () => {
  it('writes once however many events came', async () => {
    const { clock, manager, tab } = await following(0);
    const writes = tab.writes;
    await Promise.all(Array.from({ length: 50 }, () => manager.emit(thinking('x'))));
    await clock.settle();
    expect(tab.writes - writes).toBe(1);
    expect(tab.frames).toHaveLength(52);
  });
});
