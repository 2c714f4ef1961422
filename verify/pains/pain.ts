import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judge, type Claim, type ClaimContext, type Outcome } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import type { TestResult } from '../support/test-run.ts';

/** What shows that a symptom of the first system can't come back. */
export type Proof =
  /** A test of this workspace, or a group of tests, by the title that stands in its file. */
  | { readonly kind: 'test'; readonly file: string; readonly title: string }
  /** A step of `pnpm test` before the tests. */
  | { readonly kind: 'step'; readonly name: string }
  /** Another claim of this run, which measures. */
  | { readonly kind: 'claim'; readonly id: string };

export const test = (file: string, title: string): Proof => ({ kind: 'test', file, title });
export const step = (name: string): Proof => ({ kind: 'step', name });
export const claim = (id: string): Proof => ({ kind: 'claim', id });

/** A symptom of the first system, and what makes it impossible here. */
export interface Pain {
  readonly number: number;
  readonly symptom: string;
  readonly guarantee: string;
  readonly proofs: readonly Proof[];
  /** What of it has no proof yet. */
  readonly open?: string;
}

export const idOf = ({ number }: Pain): string => `pain-${String(number).padStart(2, '0')}`;

export function toClaim(pain: Pain): Claim {
  return {
    id: idOf(pain),
    claim: pain.guarantee,
    source: `What hurt in the first system, ${pain.number}: ${pain.symptom}`,
    run: async (context) => weigh(pain, context),
  };
}

/** How a proof came out in this run. `not tried` is what a run of some claims alone leaves out. */
type Finding = 'passed' | 'failed' | 'missing' | 'not tried';

function weigh({ proofs, open }: Pain, context: ClaimContext): Outcome {
  const found = proofs.map((proof) => ({ proof: describe(proof), finding: look(proof, context) }));
  const of = (wanted: Finding) => found.filter(({ finding }) => finding === wanted).map(({ proof }) => proof);
  const wrong = [...of('failed').map((proof) => `${proof} failed`), ...of('missing').map((proof) => `no ${proof}`)];
  const evidence = found.map(({ proof, finding }) => `${proof}: ${finding}`);
  const outcome = judge(wrong, { proofs: proofs.length, passed: of('passed').length }, evidence);
  if (outcome.verdict === 'failed') return outcome;
  const notTried = of('not tried').map((proof) => `${proof} was not tried in this run`);
  const reasons = [...(open === undefined ? [] : [open]), ...notTried];
  return reasons.length === 0 ? outcome : { ...outcome, verdict: 'open', reason: reasons.join('; ') };
}

function look(proof: Proof, { tests: { checks, tests }, verdicts }: ClaimContext): Finding {
  switch (proof.kind) {
    case 'test':
      return lookAtTests(tests.filter((result) => isOf(proof.file, proof.title, result)));
    case 'step': {
      const found = checks.find(({ name }) => name === proof.name);
      if (found === undefined) return 'missing';
      return found.failed === 0 ? 'passed' : 'failed';
    }
    case 'claim': {
      const verdict = verdicts.get(proof.id);
      if (verdict === undefined) return 'not tried';
      return verdict === 'passed' ? 'passed' : 'failed';
    }
  }
}

/** A test that was skipped shows nothing. */
function lookAtTests(results: readonly TestResult[]): Finding {
  if (results.some(({ status }) => status === 'failed')) return 'failed';
  return results.some(({ status }) => status === 'passed') ? 'passed' : 'missing';
}

/** Whether a result is of a test, or of a test in a group, with this title. What a title has filled in may be anything. */
function isOf(file: string, title: string, result: TestResult): boolean {
  const pattern = title.replaceAll(/[.*+?^()|[\]\\{}]/g, String.raw`\$&`).replaceAll(/%[a-z]|\$[A-Za-z.]+/g, '.*');
  return result.file === file && new RegExp(`(^| )${pattern}( |$)`).test(result.name);
}

function describe(proof: Proof): string {
  switch (proof.kind) {
    case 'test':
      return `test “${proof.title}” of ${proof.file}`;
    case 'step':
      return `step ${proof.name}`;
    case 'claim':
      return `claim ${proof.id}`;
  }
}

/** Whether the title of a test stands in its file. */
export function isWritten({ file, title }: Extract<Proof, { kind: 'test' }>): boolean {
  return readFileSync(resolve(ROOT, file), 'utf8').includes(title);
}
