import type { Claim, ClaimContext, Outcome, Verdict } from './claim.ts';

export interface Proof {
  readonly claim: Claim;
  readonly outcome: Outcome;
  readonly seconds: number;
}

const SIGNS = { passed: 'ok', failed: 'FAILED', open: 'open', 'not applicable': 'n/a' } as const;

/** Tries claim after claim: what is measured must not be disturbed by another. Shows how far it is. */
export async function proveAll(
  claims: readonly Claim[],
  given: Pick<ClaimContext, 'tests' | 'previous'>,
): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  const verdicts = new Map<string, Verdict>();
  for (const [n, claim] of claims.entries()) {
    console.log(`\n[${n + 1}/${claims.length}] ${claim.id}: ${claim.claim}`);
    const startedAt = performance.now();
    const outcome = await tried(claim, {
      ...given,
      verdicts,
      progress: (sentence) => console.log(`      ${sentence}`),
    });
    verdicts.set(claim.id, outcome.verdict);
    const seconds = (performance.now() - startedAt) / 1000;
    const figures = Object.entries(outcome.figures).map(([name, value]) => `${name} ${value}`);
    console.log(
      `      ${SIGNS[outcome.verdict]}, ${seconds.toFixed(1)} s${figures.map((text) => ` · ${text}`).join('')}`,
    );
    if (outcome.reason !== undefined) console.log(`      ${outcome.reason}`);
    proofs.push({ claim, outcome, seconds });
  }
  return proofs;
}

/** A claim that cannot be tried has failed: nothing was shown. */
async function tried(claim: Claim, context: ClaimContext): Promise<Outcome> {
  try {
    return await claim.run(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { verdict: 'failed', figures: {}, evidence: [], reason };
  }
}

/** How a program that tried these claims ends: a failed one is a failed run. */
export function exitCodeOf(proofs: readonly Proof[]): 0 | 1 {
  return proofs.some(({ outcome }) => outcome.verdict === 'failed') ? 1 : 0;
}
