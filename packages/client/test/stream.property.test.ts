import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Chaos } from './support/chaos.ts';
import { steps } from './support/chaos-steps.ts';

it('delivers every event exactly once and in order, or says reset, whatever happens to the connection', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), async (plan, jitter) => {
      const chaos = new Chaos(() => jitter.next().value as number);
      try {
        for (const step of plan) await chaos.run(step);
        await chaos.heal();
        expect(chaos.client.state.status).toBe('live');
        expect(chaos.client.position).toEqual({ epoch: chaos.server.epoch, offset: chaos.server.head });
        expect(chaos.resets.told).toBe(chaos.resets.meant);
        chaos.handled.expectComplete(chaos.server.log);
        chaos.read.expectComplete(chaos.server.log);
      } finally {
        chaos.client.close();
      }
      expect(chaos.clock.timers).toBe(0);
    }),
    { numRuns: 400 },
  );
}, 60_000);
