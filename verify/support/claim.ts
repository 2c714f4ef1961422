import type { TestRun } from './test-run.ts';

/** `open`: not shown by this run, and not refuted either. `not applicable`: there is nothing it could be shown on. */
export type Verdict = 'passed' | 'failed' | 'open' | 'not applicable';

export type Figures = Readonly<Record<string, number | string>>;

export interface Outcome {
  readonly verdict: Verdict;
  /** What was measured in this run, each with its unit in its name. */
  readonly figures: Figures;
  /** How it was found out, for the report. */
  readonly evidence: readonly string[];
  /** Why it failed, is open or does not apply. */
  readonly reason?: string;
}

export interface ClaimContext {
  /** The results of the tests of this run. */
  readonly tests: TestRun;
  /** How the claims before this one came out in this run. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The revision of the version before this one; `undefined` while there is no release. */
  readonly previous: string | undefined;
  /** Says what is being done, while it is done. */
  readonly progress: (sentence: string) => void;
}

export interface Claim {
  readonly id: string;
  /** What is claimed. */
  readonly claim: string;
  /** Where the first system's report claimed it; its numbers, where it asked for some. */
  readonly source: string;
  run(context: ClaimContext): Promise<Outcome>;
}

/** Passed if nothing is wrong; else failed, with what is wrong as the reason. */
export function judge(wrong: readonly string[], figures: Figures, evidence: readonly string[]): Outcome {
  if (wrong.length === 0) return { verdict: 'passed', figures, evidence };
  const shown = wrong.slice(0, 10);
  const more = wrong.length > shown.length ? [`and ${wrong.length - shown.length} more`] : [];
  return { verdict: 'failed', figures, evidence, reason: [...shown, ...more].join('; ') };
}
