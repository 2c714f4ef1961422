import { expect, it } from 'vitest';
import { lost, pageAfter, ready } from '../page-inputs.ts';

const facts = (...inputs: Parameters<typeof pageAfter>) => pageAfter(...inputs).connection;

it('counts connections and forgets what went wrong when one is ready', () => {
  const state = facts(ready(), { kind: 'problem', message: 'no token' }, lost(), ready({ connectionId: 'c2' }));
  expect(state).toMatchObject({ connections: 2, connectionId: 'c2', problem: null });
});

it('knows of a server that goes away until another connection is ready', () => {
  const draining = { kind: 'wire', facts: [{ kind: 'draining', reconnectAfterMs: 500 }] } as const;
  expect(facts(ready(), draining).drainingMs).toBe(500);
  expect(facts(ready(), draining, ready()).drainingMs).toBeNull();
});

it('drops the round trip of a connection that is gone', () => {
  expect(facts({ kind: 'round_trip', ms: 3 }).roundTripMs).toBe(3);
  expect(facts({ kind: 'round_trip', ms: 3 }, lost()).roundTripMs).toBeNull();
});
