import { expect, it } from 'vitest';
import { describeState } from '../../src/connection/describe-state.ts';

const QUIET = { retryIn: null, cutUntil: null, drainingMs: null } as const;

it('counts down to the next try', () => {
  const state = { status: 'waiting', attempt: 2, retryInMs: 3_000 } as const;
  const waiting = { ...QUIET, state, retryIn: 3 };
  expect(describeState(waiting, 0)).toMatchObject({ label: 'Not connected', detail: 'Next try in 3 s.' });
  const cut = { ...waiting, cutUntil: 14_000 };
  expect(describeState(cut, 12_500)).toMatchObject({ label: 'Cut', detail: 'Back in 2 s.' });
  expect(describeState(cut, 20_000).detail).toBe('Back in 0 s.');
});

it('says why a connection was closed for good', () => {
  const state = { status: 'closed', reason: 'REPLACED', code: 4509 } as const;
  expect(describeState({ ...QUIET, state }, 0).detail).toMatch(/^Replaced: over the connection limit/);
});
