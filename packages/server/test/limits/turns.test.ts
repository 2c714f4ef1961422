import { FakeClock } from '@ws/core/testing';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/limits/turns.ts';

function setUp() {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const order: string[] = [];
  const ends = new Map<string, (isHeavy: boolean) => void>();
  const enter = (name: string, label = name): void =>
    void turns.enter(name).then((end) => {
      order.push(label);
      ends.set(label, end);
    });
  return { clock, order, enter, end: (label: string, isHeavy = false) => ends.get(label)?.(isHeavy) };
}

describe('turns', () => {
  it('are taken one at a time, and names come in rotation, however much one of them has waiting', async () => {
    const { clock, order, enter, end } = setUp();
    for (const label of ['a1', 'a2', 'a3']) enter('a', label);
    enter('b');
    enter('c');
    await clock.settle();
    expect(order).toEqual(['a1']);
    for (const label of ['a1', 'a2', 'b', 'c', 'a3']) {
      end(label);
      await clock.settle();
    }
    expect(order).toEqual(['a1', 'a2', 'b', 'c', 'a3']);
  });

  it('leave three quarters of the time to everything else after heavy work', async () => {
    const { clock, order, enter, end } = setUp();
    enter('a');
    enter('b');
    await clock.settle();
    await clock.advance(10);
    end('a', true);
    await clock.advance(29);
    expect(order).toEqual(['a']);
    await clock.advance(1);
    expect(order).toEqual(['a', 'b']);
  });

  it('are over after a while by themselves: a log that does not answer holds nobody up', async () => {
    const { clock, order, enter, end } = setUp();
    for (const name of ['a', 'b', 'c']) enter(name);
    await clock.advance(99);
    expect(order).toEqual(['a']);
    await clock.advance(1);
    expect(order).toEqual(['a', 'b']);
    // An end that comes too late ends nothing of another's.
    end('a', true);
    await clock.settle();
    expect(order).toEqual(['a', 'b']);
    end('b');
    await clock.settle();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('can be had at once again when all were given back', async () => {
    const { clock, order, enter, end } = setUp();
    enter('a');
    await clock.settle();
    end('a');
    await clock.settle();
    enter('b');
    await clock.settle();
    expect(order).toEqual(['a', 'b']);
  });
});
