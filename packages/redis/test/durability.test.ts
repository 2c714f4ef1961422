import { describe, expect, test } from 'vitest';
import { durabilityOf, durabilityProfileOf } from '../src/durability.ts';

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

  test.each([
    [{ ...facts, fsync: 'always' } as const, 'yes always noeviction', 'yes yes'],
    [{ ...facts, fsync: 'everysec', evicts: 'allkeys-lru' } as const, 'yes everysec allkeys-lru', 'no no'],
    [{ ...facts, fsync: 'no' } as const, 'yes no noeviction', 'yes no'],
    [facts, 'yes unknown noeviction', 'unknown unknown'],
    [{ ...facts, appendOnly: false }, 'no unknown noeviction', 'no no'],
    [undefined, 'unknown unknown unknown', 'unknown unknown'],
  ])('as data: %j', (known, settings, survives) => {
    const profile = durabilityProfileOf(known);
    expect(Object.values(profile.settings).join(' ')).toBe(settings);
    expect([profile.survives.killedServer, profile.survives.powerCut].join(' ')).toBe(survives);
    expect(profile.survives).toMatchObject({ killedProcess: 'yes', failover: 'no' });
  });
});
