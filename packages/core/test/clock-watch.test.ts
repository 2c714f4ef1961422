import { describe, expect, it } from 'vitest';
import { ClockWatch, type ClockStep } from '../src/clock-watch.ts';
import { FakeClock } from '../src/testing.ts';

const HOUR = 3_600_000;

function setUp() {
  const clock = new FakeClock();
  const steps: ClockStep[] = [];
  const watch = new ClockWatch(clock, (step) => steps.push(step));
  const behind = (withinMs: number): number => clock.now() - watch.cautiousNow(withinMs);
  return { clock, watch, steps, behind };
}

describe('the watch of the clocks', () => {
  it('tells each step once, with its size and direction', async () => {
    const { clock, watch, steps } = setUp();
    watch.look();
    clock.step(-HOUR);
    watch.look();
    watch.look();
    await clock.advance(HOUR);
    clock.step(1_000);
    watch.look();
    expect(steps).toEqual([{ ms: -HOUR }, { ms: 1_000 }]);
    expect(watch.steps).toBe(2);
  });

  it('takes a process that stood still between two readings for no step', () => {
    const { clock, steps } = setUp();
    let isStalled = false;
    const watch = new ClockWatch(
      {
        after: (ms, task) => clock.after(ms, task),
        soon: (task) => clock.soon(task),
        monotonic: () => clock.monotonic(),
        now: () => {
          if (isStalled) clock.stall(HOUR);
          isStalled = false;
          return clock.now();
        },
      },
      (step) => steps.push(step),
    );
    isStalled = true;
    watch.look();
    expect(steps).toEqual([]);
  });
});

describe('the cautious time', () => {
  it('is what the clock would read if it had not been set forward', async () => {
    const { clock, behind } = setUp();
    expect(behind(HOUR)).toBe(0);
    clock.step(2 * HOUR);
    expect(behind(HOUR)).toBe(2 * HOUR);
    await clock.advance(HOUR);
    expect(behind(HOUR)).toBe(2 * HOUR);
    await clock.advance(1);
    expect([behind(HOUR), behind(HOUR + 1)]).toEqual([0, 2 * HOUR]);
  });

  it('goes back to the lowest setting there was, by way of any others', async () => {
    const { clock, watch, behind } = setUp();
    for (const step of [HOUR, HOUR, -3 * HOUR, 2 * HOUR]) {
      await clock.advance(HOUR / 10);
      clock.step(step);
      watch.look();
    }
    expect(behind(HOUR)).toBe(2 * HOUR);
    clock.step(-HOUR);
    expect(behind(HOUR)).toBe(HOUR);
  });

  it('is the time where the clock was set back', () => {
    const { clock, behind } = setUp();
    clock.step(-HOUR);
    expect(behind(HOUR)).toBe(0);
  });

  it('stays cautious over more steps than are remembered one by one', async () => {
    const { clock, watch, behind } = setUp();
    for (let i = 0; i < 3_000; i += 1) {
      await clock.advance(1);
      clock.step(1_000);
      watch.look();
    }
    expect(behind(HOUR)).toBe(3_000_000);
  });
});
