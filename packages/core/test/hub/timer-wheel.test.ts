import { describe, expect, it } from 'vitest';
import { TimerWheel } from '../../src/timer-wheel.ts';
import { FakeClock } from '../../src/testing.ts';

function setUp(monotonic?: number) {
  const clock = new FakeClock(undefined, monotonic);
  const ran: string[] = [];
  const wheel = new TimerWheel(clock);
  const after = (ms: number, name: string) => wheel.after(ms, () => ran.push(name));
  return { clock, wheel, ran, after };
}

describe('the timer wheel', () => {
  it('runs tasks in order, never early and at most one tick late', async () => {
    const { clock, ran, after } = setUp(123);
    after(1_000, 'b');
    after(300, 'a');
    after(0, 'now');
    await clock.advance(249);
    expect(ran).toEqual(['now']);
    await clock.advance(50);
    expect(ran).toEqual(['now']);
    await clock.advance(251);
    expect(ran).toEqual(['now', 'a']);
    await clock.advance(449);
    expect(ran).toEqual(['now', 'a']);
    await clock.advance(251);
    expect(ran).toEqual(['now', 'a', 'b']);
  });

  it('does not run what was cancelled, also by a task of the same tick', async () => {
    const { clock, wheel, ran, after } = setUp();
    after(100, 'gone').cancel();
    wheel.after(100, () => later.cancel());
    const later = after(100, 'cancelled by the one before');
    await clock.advance(1_000);
    expect(ran).toEqual([]);
  });

  it('takes new tasks from a task, and stops for good', async () => {
    const { clock, wheel, ran, after } = setUp();
    wheel.after(100, () => after(100, 'second'));
    await clock.advance(1_000);
    expect(ran).toEqual(['second']);
    after(100, 'never');
    wheel.stop();
    await clock.advance(1_000);
    expect(ran).toEqual(['second']);
  });
});
