import fc from 'fast-check';
import { it } from 'vitest';
import { anyActions, anySettings } from './actions.ts';
import { Play } from './play.ts';

/** `WS_MODEL_RUNS=20000 npx vitest run --project core model` searches for longer. */
const RUNS = Number(process.env['WS_MODEL_RUNS'] ?? 400);

it(
  `ends with every event exactly once and in order at every client, or told reset (${RUNS} runs)`,
  { timeout: 60_000 + RUNS * 200 },
  async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, anyActions, async (settings, actions) => {
        const play = new Play(settings);
        for (const action of actions) await play.take(action);
        await play.end();
        play.check();
      }),
      { numRuns: RUNS },
    );
  },
);
