import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAIMS } from '../claims.ts';
import { PAINS } from '../pains.ts';
import { idOf, isWritten, toClaim, type Pain, type Proof } from '../pains/pain.ts';
import type { ClaimContext, Verdict } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import type { TestResult } from '../support/test-run.ts';

/** How many symptoms of the first system were written down. */
const COUNT = 35;

describe('what hurt in the first system', () => {
  it('is a claim each, by its number', () => {
    expect(PAINS.map(({ number }) => number)).toEqual(Array.from({ length: COUNT }, (_, n) => n + 1));
    const ids = CLAIMS.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(PAINS.map(idOf)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(PAINS.map((pain) => ({ id: idOf(pain), pain })))('$id names proofs that there are', ({ id, pain }) => {
    const before = CLAIMS.slice(
      0,
      CLAIMS.findIndex((claim) => claim.id === id),
    ).map((claim) => claim.id);
    const isThere = (proof: Proof): boolean => {
      switch (proof.kind) {
        case 'test':
          return existsSync(resolve(ROOT, proof.file)) && isWritten(proof);
        case 'step':
          return ['format', 'lint', 'layering', 'typecheck'].includes(proof.name);
        case 'claim':
          return before.includes(proof.id);
      }
    };
    expect(pain.proofs.filter((proof) => !isThere(proof))).toEqual([]);
    expect(pain.proofs).not.toEqual([]);
  });
});

describe('a proof', () => {
  const FILE = 'packages/core/test/a.test.ts';
  const pain = (...proofs: readonly Proof[]): Pain => ({ number: 1, symptom: 's', guarantee: 'g', proofs });
  const context = (tests: readonly TestResult[], verdicts: readonly [string, Verdict][] = []): ClaimContext => ({
    tests: { checks: [{ name: 'lint', passed: 0, failed: 1, skipped: 0, seconds: 1 }], tests },
    verdicts: new Map(verdicts),
    previous: undefined,
    progress: () => {},
  });
  const byTitle = (title: string): Proof => ({ kind: 'test', file: FILE, title });
  const verdictOf = async (proof: Proof, ...given: Parameters<typeof context>): Promise<Verdict> =>
    (await toClaim(pain(proof)).run(context(...given))).verdict;
  const passed: TestResult = { file: FILE, name: 'a group does x for alice', status: 'passed' };

  it('is a test that passed, by its title or that of its group, whatever is filled in', async () => {
    for (const title of ['a group', 'does x for %s', 'does $what for $name', 'a group does x for alice']) {
      expect(await verdictOf(byTitle(title), [passed])).toBe('passed');
    }
  });

  it('fails where the test is gone, was skipped, failed, or is of another file', async () => {
    expect(await verdictOf(byTitle('does y'), [passed])).toBe('failed');
    expect(await verdictOf(byTitle('does'), [{ ...passed, name: 'undoes' }])).toBe('failed');
    expect(await verdictOf(byTitle('a group'), [{ ...passed, status: 'skipped' }])).toBe('failed');
    expect(await verdictOf(byTitle('a group'), [passed, { ...passed, status: 'failed' }])).toBe('failed');
    expect(await verdictOf(byTitle('a group'), [{ ...passed, file: 'packages/core/test/b.test.ts' }])).toBe('failed');
  });

  it('is a step or a claim that passed; a claim that was not tried leaves it open', async () => {
    expect(await verdictOf({ kind: 'step', name: 'lint' }, [])).toBe('failed');
    expect(await verdictOf({ kind: 'claim', id: 'x' }, [])).toBe('open');
    expect(await verdictOf({ kind: 'claim', id: 'x' }, [], [['x', 'failed']])).toBe('failed');
    expect(await verdictOf({ kind: 'claim', id: 'x' }, [], [['x', 'passed']])).toBe('passed');
  });

  it('is open where something has no proof yet', async () => {
    const claim = toClaim({ ...pain(byTitle('a group')), open: 'not built yet' });
    expect(await claim.run(context([passed]))).toMatchObject({ verdict: 'open', reason: 'not built yet' });
    expect(await claim.run(context([]))).toMatchObject({ verdict: 'failed' });
  });
});
