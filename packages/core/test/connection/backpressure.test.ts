import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { historyOf } from '../support/history.ts';
import { framesOf, setUp, typesOf, type World } from '../support/world.ts';

const BUDGET = 2_000;
const started: EventInput = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } };
const thinking = (delta: string): EventInput => ({ type: 'agent_thinking', run_id: 'r1', payload: { delta } });
const message = (text: string): EventInput => ({ type: 'user_message', payload: { message_id: 'm', text } });

function slow(options: Parameters<typeof setUp>[0] = {}): World {
  return setUp({
    ...options,
    tuning: { outboundBudgetBytes: BUDGET, tailEvents: 20, pageEvents: 30, heartbeatMs: 10_000_000, ...options.tuning },
  });
}

const bytesOf = (frame: object): number => Buffer.byteLength(JSON.stringify(frame));

async function emitAll(world: World, events: readonly EventInput[]): Promise<void> {
  for (const event of events) {
    await world.hub.manager({ userId: 'alice' }).emit(event);
    await world.clock.advance(30);
  }
}

describe('a connection whose peer does not read', () => {
  it('turns lagging at its budget, is sent nothing more, and goes on where it stopped', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    tab.stall();
    await emitAll(world, [started, ...Array.from({ length: 100 }, (_, i) => message(`message ${i}`))]);
    const before = tab.frames.length;
    expect(world.hub.manager({ userId: 'alice' }).connections[0]?.state).toBe('lagging');
    expect(framesOf(tab, 'lagging')).toHaveLength(1);
    expect(tab.bufferedBytes).toBeLessThan(BUDGET + 400);

    tab.unstall();
    await world.clock.advance(100);
    expect(tab.frames.length).toBeGreaterThan(before);
    expect(tab.frames.at(-1)).toEqual({ type: 'caught_up', offset: 101 });
    const offsets = tab.frames.flatMap((frame) => ('payload' in frame ? [frame.offset] : []));
    expect(offsets).toEqual(Array.from({ length: 101 }, (_, i) => i + 1));
    expect(world.hub.stats().lagged).toBe(1);
  });

  it('is live again when it has caught up, and told anew when it falls behind again', async () => {
    const lagging: unknown[] = [];
    const listener = (what: unknown): void => void lagging.push(what);
    subscribe('agent-events:lagging', listener);
    try {
      const world = slow();
      const tab = await world.connected('alice');
      const [connection] = world.hub.manager({ userId: 'alice' }).connections;
      for (const times of [1, 2]) {
        tab.stall();
        await emitAll(
          world,
          Array.from({ length: 50 }, (_, i) => message(`message ${i}`)),
        );
        expect([connection?.state, framesOf(tab, 'lagging').length]).toEqual(['lagging', times]);
        tab.unstall();
        await world.clock.advance(100);
        expect([connection?.state, framesOf(tab, 'caught_up').length]).toEqual(['live', times]);
      }
      const told = { userId: 'alice', connectionId: connection?.id };
      expect(lagging).toEqual([told, told]);
    } finally {
      unsubscribe('agent-events:lagging', listener);
    }
  });

  it('is sent no event when its budget is used up to the byte', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    tab.bufferedBytes = BUDGET;
    await emitAll(world, [message('a')]);
    expect(typesOf(tab).slice(1)).toEqual(['lagging']);
    tab.unstall();
    await world.clock.advance(100);
    expect(typesOf(tab).slice(1)).toEqual(['lagging', 'user_message', 'caught_up']);
  });

  it('is sent nothing before its socket has drained, also when there is room again', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    tab.bufferedBytes = BUDGET;
    await emitAll(world, [message('a')]);
    tab.bufferedBytes = BUDGET / 2;
    await emitAll(world, [message('b')]);
    expect(framesOf(tab, 'user_message')).toEqual([]);
    tab.unstall();
    await world.clock.advance(100);
    expect(framesOf(tab, 'user_message').map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it('gets what it missed of a text in few frames', async () => {
    const world = slow({ tuning: { coalesceMs: 0 } });
    const tab = await world.connected('alice');
    tab.stall();
    await emitAll(world, [started, ...Array.from({ length: 100 }, () => thinking('word '))]);
    const before = tab.frames.length;
    tab.unstall();
    await world.clock.advance(100);
    const events = tab.frames.flatMap((frame) => ('payload' in frame ? [frame] : []));
    expect(tab.frames.length - before).toBeLessThan(20);
    expect(historyOf(events).at(-1)?.content).toBe('word '.repeat(100));
    expect(events.some((event) => 'merged' in event && Number(event.merged) > 5)).toBe(true);
  });

  it('does not slow another one', async () => {
    const world = slow();
    const [stuck, quick] = [await world.connected('alice'), await world.connected('alice')];
    stuck.stall();
    await emitAll(world, [started, ...Array.from({ length: 50 }, (_, i) => message(`message ${i}`))]);
    expect(quick.frames.at(-1)).toMatchObject({ offset: 51 });
    expect(typesOf(quick)).not.toContain('lagging');
  });

  it('is closed with 1013 when it made no headway for too long, and resumes without loss', async () => {
    const world = slow({ tuning: { maxLagMs: 60_000 } });
    const tab = await world.connected('alice');
    tab.stall();
    await emitAll(world, [started, ...Array.from({ length: 40 }, (_, i) => message(`message ${i}`))]);
    await world.clock.advance(59_000);
    expect(tab.closedWith).toBeUndefined();
    await world.clock.advance(2_000);
    expect(tab.closedWith?.code).toBe(1013);
    const { epoch } = await world.hub.manager({ userId: 'alice' }).position();
    const again = await world.connected('alice', { from: { epoch, offset: 5 } });
    expect(again.frames[0]).toMatchObject({ recovery: 'resumed' });
    expect(again.frames.at(-1)).toMatchObject({ offset: 41 });
  });

  it('can not make the server pile up answers', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    tab.stall();
    for (let i = 0; i < 1_000; i += 1) {
      tab.say({ type: 'ping', id: `ping ${i}` });
      await world.clock.settle();
    }
    expect(tab.closedWith?.code).toBe(1013);
    expect(tab.bufferedBytes).toBeLessThan(2 * BUDGET);
  });

  it('has the answers that wait counted anew when it has read', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    const ask = async (): Promise<void> => {
      tab.stall();
      for (let i = 0; i < 30; i += 1) tab.say({ type: 'ping', id: `ping ${i}` });
      await world.clock.settle();
      tab.unstall();
    };
    // 30 answers are more than half the budget, and less than the whole.
    for (let i = 0; i < 5; i += 1) await ask();
    expect([framesOf(tab, 'pong').length, tab.closedWith]).toEqual([150, undefined]);
  });

  it('may ask as much as it likes while it reads', async () => {
    const world = slow();
    const tab = await world.connected('alice');
    for (let i = 0; i < 200; i += 1) {
      tab.say({ type: 'ping', id: `ping ${i}` });
      await world.clock.settle();
    }
    expect([framesOf(tab, 'pong').length, tab.closedWith]).toEqual([200, undefined]);
  });

  it('is cut off with 1013 when retention overtakes it, and then told reset', async () => {
    const world = slow({ retention: { maxEvents: 25 } });
    const tab = await world.connected('alice');
    tab.stall();
    await emitAll(world, [started, ...Array.from({ length: 120 }, (_, i) => message(`message ${i}`))]);
    tab.unstall();
    await world.clock.advance(100);
    expect(tab.closedWith?.code).toBe(1013);
    const { epoch } = await world.hub.manager({ userId: 'alice' }).position();
    const again = await world.connected('alice', { from: { epoch, offset: 10 } });
    expect(again.frames[0]).toMatchObject({ recovery: 'reset' });
    expect(framesOf(again, 'run_snapshot')).toHaveLength(1);
  });

  it('never has more than its budget in bytes and one frame outstanding, for any text', async () => {
    const letters = fc.constantFrom('x', 'é', '漢', '😀');
    const sizes = fc.array(fc.nat(600), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        letters,
        fc.integer({ min: 100, max: 3_000 }),
        fc.boolean(),
        async (lengths, letter, budget, batch) => {
          const world = slow({ tuning: { outboundBudgetBytes: budget } });
          const tab = await world.connected('alice', { batch });
          tab.stall();
          const manager = world.hub.manager({ userId: 'alice' });
          for (const length of lengths) {
            await manager.emit(message(letter.repeat(length + 1)));
            if (length % 3 === 0) await world.clock.advance(30);
          }
          await world.clock.advance(100);
          const longest = Math.max(...tab.frames.map(bytesOf));
          const control = framesOf(tab, 'lagging').reduce((sum, frame) => sum + bytesOf(frame) + 1, 0);
          expect(tab.bufferedBytes).toBeLessThanOrEqual(budget + longest + control + 2);
        },
      ),
      { numRuns: 60 },
    );
  });
});
