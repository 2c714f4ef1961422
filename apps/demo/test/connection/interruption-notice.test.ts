import { expect, it } from 'vitest';
import { interruptionText } from '../../src/connection/interruption-notice.tsx';
import type { Interruption } from '../../src/state/interruptions.ts';

const base: Interruption = {
  id: 1,
  cause: 'cut',
  lostAt: 1_000,
  offset: 41,
  shownAfter: 41,
  phase: 'open',
  replayed: 0,
  missing: 0,
};

it('says what happened and how it ended', () => {
  expect(interruptionText(base)).toMatchObject({ happened: 'Connection cut at offset 41', tone: 'open' });
  // The server may be dead: the page does not know what runs do.
  expect(interruptionText({ ...base, cause: 'lost' }).outcome).not.toContain('go on');
  const over = { ...base, phase: 'over', recovery: 'resumed', resumedAt: 5_000, headOffset: 53, replayed: 12 } as const;
  expect(interruptionText(over)).toMatchObject({
    outcome: 'resumed after 4.0 s, 12 events replayed, none missing',
    tone: 'good',
  });
  expect(interruptionText({ ...over, missing: 1 })).toMatchObject({ tone: 'bad' });
  expect(interruptionText({ ...over, recovery: 'reset' })).toMatchObject({ tone: 'reset' });
});
