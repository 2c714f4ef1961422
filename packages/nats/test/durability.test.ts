import { expect, test } from 'vitest';
import { durabilityOf } from '../src/durability.ts';

const facts = { created: '', lastSequence: 0, replicas: 1, server: 'S1' };

test.each([
  [facts, 'auto', /one JetStream server.*a new epoch says so after every restart/],
  [facts, 'keep', /onRestart keep/],
  [{ ...facts, server: undefined }, 'auto', /in a cluster that goes unnoticed: use replicas/],
  [{ ...facts, replicas: 3 }, 'auto', /^an accepted event was written by a majority of 3 servers/],
  [undefined, 'auto', /^unknown/],
] as const)('%j, %s', (known, onRestart, sentence) => {
  expect(durabilityOf(known, onRestart)).toMatch(sentence);
});
