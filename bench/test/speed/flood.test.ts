import { expect, it } from 'vitest';
import { Trial } from '../../src/speed/trial.ts';
import { FANOUT_16, STREAMS_16_JOINED } from '../../src/speed/workloads/index.ts';

// Counts, not times: that every event arrives once, on every connection, is what the figures of a benchmark rest on.
it.each([
  ['memory', STREAMS_16_JOINED],
  ['ws', FANOUT_16],
] as const)('%s delivers every event of a flood', { timeout: 60_000 }, async (target, workload) => {
  const trial = await Trial.open(target, { seconds: 0.2, scale: 50 });
  try {
    const { frames, eventsPerSecond } = await workload.run(trial);
    expect(eventsPerSecond).toBeGreaterThan(0);
    if (workload === FANOUT_16) expect(frames).toBeCloseTo(eventsPerSecond ?? 0);
    else expect(frames).toBeLessThan(eventsPerSecond ?? 0);
    const { events, missed, repeated, ready } = await trial.load({ do: 'settle', withinMs: 10_000 });
    const { emitted } = await trial.serve({ do: 'usage', collect: false });
    const connectionsPerUser = workload === FANOUT_16 ? ready : 1;
    expect({ events, missed, repeated }).toEqual({ events: emitted * connectionsPerUser, missed: 0, repeated: 0 });
  } finally {
    await trial.close();
  }
});
