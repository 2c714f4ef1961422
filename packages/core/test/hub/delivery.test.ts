import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { systemClock } from '../../src/log.ts';
import { Delivery } from '../../src/stream/delivery.ts';
import { setUp } from '../support/world.ts';

const started: EventInput = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } };
const thinking = (delta: string, run_id = 'r1'): EventInput => ({ type: 'agent_thinking', run_id, payload: { delta } });
const chunk = (delta: string): EventInput => ({ type: 'agent_response_chunk', run_id: 'r1', payload: { delta } });

async function following(coalesceMs: number) {
  const world = setUp({ tuning: { coalesceMs } });
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

describe('connections that catch up', () => {
  /** A clock whose ticks are run by hand, on which every delivery takes 0.4 ms. */
  function slowly() {
    let now = 0;
    let ticks: (() => void)[] = [];
    const clock = { ...systemClock, monotonic: () => now, soon: (task: () => void) => void ticks.push(task) };
    const served: string[] = [];
    const one = (name: string, more?: () => void) => ({
      deliver: () => {
        now += 0.4;
        served.push(name);
        more?.();
      },
    });
    const tick = (): string[] => {
      served.length = 0;
      const due = ticks;
      ticks = [];
      for (const task of due) task();
      return [...served];
    };
    return { delivery: new Delivery(clock, 0), one, tick };
  }

  it('have a millisecond of each tick, after those who are live', () => {
    const { delivery, one, tick } = slowly();
    for (const name of ['a', 'b', 'c', 'd', 'e']) delivery.inTurn(one(name));
    delivery.soon(one('live'));
    expect(tick()).toEqual(['live', 'a', 'b', 'c']);
    delivery.groupSoon({ deliverToAll: one('group').deliver });
    expect(tick()).toEqual(['group', 'd', 'e']);
    expect(tick()).toEqual([]);
  });

  it('wait for the others to have had their turn before they have another', () => {
    const { delivery, one, tick } = slowly();
    delivery.inTurn(one('a', () => delivery.inTurn(one('a again'))));
    for (const name of ['b', 'c', 'd']) delivery.inTurn(one(name));
    expect(tick()).toEqual(['a', 'b', 'c']);
    expect(tick()).toEqual(['d', 'a again']);
  });

  it('have a turn also where one alone takes longer', () => {
    const { delivery, one, tick } = slowly();
    const long = one('long');
    for (let n = 0; n < 3; n += 1) delivery.inTurn({ deliver: () => [long, long, long].forEach((it) => it.deliver()) });
    expect(tick()).toHaveLength(3);
    expect(tick()).toHaveLength(3);
  });
});
