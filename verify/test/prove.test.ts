import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judge, type Claim } from '../support/claim.ts';
import { exitCodeOf, proveAll } from '../support/prove.ts';
import { writeReport } from '../support/report.ts';

const given = { tests: { checks: [], tests: [] }, previous: undefined };
const claim = (id: string, run: Claim['run']): Claim => ({ id, claim: `${id} holds`, source: 'a test', run });
const holds = claim('good', async () => judge([], { 'figure ms': 7 }, ['seen']));
const fails = claim('bad', async () => judge(['it is slow'], { 'figure ms': 900 }, ['seen']));
const throws = claim('broken', async () => Promise.reject(new Error('no server')));
const isOpen = claim('later', async () => ({ verdict: 'open', figures: {}, evidence: [], reason: 'no release yet' }));

let folder = '';
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  folder = mkdtempSync(join(tmpdir(), 'ws-report-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('claims that are tried', () => {
  it('end with 0 where none fails; open is no failure', async () => {
    expect(exitCodeOf(await proveAll([holds, isOpen], given))).toBe(0);
  });

  it('end with 1 where one fails or cannot be tried, and the others are tried all the same', async () => {
    for (const bad of [fails, throws]) {
      const proofs = await proveAll([bad, holds], given);
      expect(proofs.map(({ outcome }) => outcome.verdict)).toEqual(['failed', 'passed']);
      expect(exitCodeOf(proofs)).toBe(1);
    }
  });

  it('know how those before them came out', async () => {
    const seen: (readonly [string, string])[] = [];
    const looks = claim('last', async ({ verdicts }) => {
      seen.push(...verdicts);
      return judge([], {}, []);
    });
    await proveAll([holds, throws, looks], given);
    expect(seen).toEqual([
      ['good', 'passed'],
      ['broken', 'failed'],
    ]);
  });

  it('are reported with verdict, reason and figures', async () => {
    const proofs = await proveAll([holds, fails, isOpen], given);
    const environment = { commit: 'abc', changed: false, node: 'v1', system: 's', processor: 'p', memoryGb: 1 };
    writeReport({ startedAt: new Date(0), seconds: 5, environment, proofs }, folder);
    const page = readFileSync(join(folder, 'stability.md'), 'utf8');
    expect(page).toContain('**Not stable.** 1 of 3 claims hold, 1 failed, 1 open');
    expect(page).toContain('| bad | bad holds | failed | it is slow |');
    expect(page).toContain('- Why: no release yet');
    const { claims } = JSON.parse(readFileSync(join(folder, 'stability.json'), 'utf8')) as { claims: object[] };
    expect(claims).toMatchObject([
      { id: 'good', verdict: 'passed', figures: { 'figure ms': 7 } },
      { id: 'bad', verdict: 'failed', reason: 'it is slow' },
      { id: 'later', verdict: 'open' },
    ]);
  });
});
