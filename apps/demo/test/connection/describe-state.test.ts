import { expect, it } from 'vitest';
import { describeState } from '../../src/connection/describe-state.ts';
import { NOT_CONNECTED } from '../../src/state/connection-facts.ts';

it('counts down to the next try', () => {
  const client = { status: 'waiting', attempt: 2, retryInMs: 3_000 } as const;
  const facts = { ...NOT_CONNECTED, client, since: 10_000 };
  expect(describeState(facts, 10_500)).toMatchObject({ label: 'Not connected', detail: 'Next try in 3 s.' });
  expect(describeState(facts, 20_000).detail).toBe('Next try in 0 s.');
  expect(describeState({ ...facts, cutUntil: 14_000 }, 12_000)).toMatchObject({ label: 'Cut', detail: 'Back in 2 s.' });
});

it('says why a connection was closed for good', () => {
  const client = { status: 'closed', reason: 'REPLACED', code: 4509 } as const;
  expect(describeState({ ...NOT_CONNECTED, client }, 0).detail).toMatch(/^Replaced: over the connection limit/);
});
