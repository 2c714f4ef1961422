import { describe, expect, test } from 'vitest';
import { durabilityOf } from '../src/durability.ts';

describe('durability', () => {
  const facts = { majorVersion: 7, isCluster: false, appendOnly: true, fsync: undefined, evicts: undefined } as const;

  test.each([
    [{ ...facts, fsync: 'always' } as const, /^an accepted event was synced to the append-only file/],
    [{ ...facts, fsync: 'everysec' } as const, /may take those of the last two seconds/],
    [{ ...facts, fsync: 'no' } as const, /half a minute/],
    [facts, /appendfsync, which could not be read/],
    [{ ...facts, appendOnly: false }, /no append-only file/],
    [{ ...facts, appendOnly: undefined }, /^unknown/],
    [undefined, /^unknown/],
    [{ ...facts, evicts: 'allkeys-lru' }, /set it to noeviction$/],
  ])('%j', (known, sentence) => {
    expect(durabilityOf(known)).toMatch(sentence);
  });
});
