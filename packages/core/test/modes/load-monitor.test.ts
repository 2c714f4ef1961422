import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/log.ts';
import { LoadMonitor, systemHeapShare, type LoadLimits } from '../../src/modes/load-monitor.ts';
import { FakeClock } from '../../src/testing.ts';

const LIMITS: LoadLimits = { lagMs: 100, heapShare: 0.9 };

/** A monitor of an event loop that runs its timers late, with a heap of a size to choose. */
function watch(limits = LIMITS) {
  const clock = new FakeClock();
  const load = { lagMs: 0, heapShare: 0.1 };
  const said: string[] = [];
  const late: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    soon: (task) => clock.soon(task),
    after: (ms, task) => clock.after(ms + load.lagMs, task),
  };
  const monitor = new LoadMonitor({
    clock: late,
    limits,
    heapShare: () => load.heapShare,
    onHigh: (reason) => said.push(`high: ${reason}`),
    onNormal: (reason) => said.push(`normal: ${reason}`),
  });
  /** Lets so many samples be taken under a load. */
  const samples = async (count: number, lagMs: number, heapShare = 0.1): Promise<readonly string[]> => {
    // The timer that is running already was set under the load before.
    load.heapShare = heapShare;
    load.lagMs = lagMs;
    for (let i = 0; i < count; i += 1) await clock.advance(500 + lagMs);
    return said;
  };
  return { monitor, samples, said, clock, load };
}

describe('the load of a process', () => {
  it('is high after two samples in a row over the limit of the event loop', async () => {
    const { samples } = watch();
    // The first timer was set before.
    expect(await samples(2, 101)).toEqual([]);
    expect(await samples(1, 101)).toEqual(['high: the event loop is 101 ms behind']);
  });

  it.each([
    ['the event loop', 51, 0.1],
    ['memory', 0, 0.86],
  ])(
    'is on its way to the limits, by %s, after two samples in a row, and until one is better',
    async (_what, lag, heap) => {
      const { monitor, samples, said } = watch();
      await samples(1, lag, heap);
      expect(monitor.strained).toBe(false);
      await samples(2, lag, heap);
      expect(monitor.strained).toBe(true);
      await samples(2, 50, 0.85);
      expect([monitor.strained, said]).toEqual([false, []]);
    },
  );

  it('is not high at the very limits', async () => {
    const { samples } = watch();
    expect(await samples(10, 100, 0.9)).toEqual([]);
  });

  it('is not high for one long task now and then', async () => {
    const { samples } = watch();
    for (let i = 0; i < 5; i += 1) {
      await samples(1, 5_000);
      await samples(1, 0);
    }
    expect(await samples(1, 0)).toEqual([]);
  });

  it('is high after two samples over the limit of memory, and says how much is in use', async () => {
    const { samples } = watch();
    expect(await samples(1, 0, 0.951)).toEqual([]);
    expect(await samples(1, 0, 0.951)).toEqual(['high: memory: 95 % of the heap limit in use']);
    expect(await samples(20, 0, 0.951)).toHaveLength(1);
  });

  it('names memory where both are over their limits', async () => {
    const { samples } = watch();
    expect(await samples(3, 200, 0.95)).toEqual(['high: memory: 95 % of the heap limit in use']);
  });

  it('is normal again after six samples in a row well below the limits', async () => {
    const { samples } = watch();
    await samples(3, 101);
    // The timer that runs was set under the load before.
    expect(await samples(6, 80, 0.72)).toHaveLength(1);
    expect(await samples(1, 80, 0.72)).toEqual([
      'high: the event loop is 101 ms behind',
      'normal: load is back to normal',
    ]);
  });

  it.each([
    ['the event loop', 81, 0.1],
    ['memory', 0, 0.721],
  ])('stays high while %s is only just below its limit', async (_what, lagMs, heapShare) => {
    const { samples } = watch();
    await samples(3, 101);
    expect(await samples(20, lagMs, heapShare)).toHaveLength(1);
  });

  it('begins to count anew at each sample that is not calm', async () => {
    const { samples } = watch();
    await samples(2, 0, 0.95);
    for (let i = 0; i < 4; i += 1) {
      await samples(5, 0);
      await samples(1, 0, 0.85);
    }
    expect(await samples(5, 0)).toHaveLength(1);
    expect(await samples(1, 0)).toHaveLength(2);
  });

  it('is watched no more after stop, which may be called twice', async () => {
    const { monitor, samples } = watch();
    monitor.stop();
    monitor.stop();
    expect(await samples(5, 0, 1)).toEqual([]);
  });
});

it('says which share of its limit the heap takes', () => {
  expect(systemHeapShare()).toBeGreaterThan(0);
  expect(systemHeapShare()).toBeLessThan(1);
});
