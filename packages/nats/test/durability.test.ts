import { expect, test } from 'vitest';
import { durabilityOf, durabilityProfileOf } from '../src/durability.ts';

const facts = { created: '', lastSequence: 0, replicas: 1, version: '2.9.10', server: 'S1' };

test.each([
  [facts, 'auto', /one JetStream server.*a new epoch says so after every restart/],
  [facts, 'keep', /onRestart keep/],
  [{ ...facts, server: undefined }, 'auto', /in a cluster that goes unnoticed: use replicas/],
  [{ ...facts, replicas: 3 }, 'auto', /^an accepted event was written by a majority of 3 servers/],
  [undefined, 'auto', /^unknown/],
] as const)('%j, %s', (known, onRestart, sentence) => {
  expect(durabilityOf(known, onRestart)).toMatch(sentence);
});

test('as data: what it follows from, and what it comes to', () => {
  expect(durabilityProfileOf(facts, 'auto')).toEqual({
    settings: { num_replicas: '1', sync_interval: 'unknown', server: '2.9.10', onRestart: 'auto' },
    survives: { killedProcess: 'yes', killedServer: 'yes', powerCut: 'no' },
  });
  expect(durabilityProfileOf({ ...facts, replicas: 3 }, 'auto').survives).toEqual({
    killedProcess: 'yes',
    killedServer: 'yes',
    powerCut: 'yes',
    failover: 'yes',
  });
  expect(durabilityProfileOf(undefined, 'keep')).toMatchObject({
    settings: { num_replicas: 'unknown' },
    survives: { powerCut: 'unknown' },
  });
});
