import type { Claim } from '../support/claim.ts';
import { lastRelease } from '../support/released.ts';
import { testsOf } from '../support/test-run.ts';

const REHEARSAL = 'release/rehearsal.test.ts';
const STEPS = /version/;

export const rollback: Claim = {
  id: 'rollback',
  claim: 'The previous version works with today’s server, and today’s packages with the previous server',
  source: '“Rollback Capability: Changes can be reverted if needed”',
  async run({ tests: { tests } }) {
    const steps = testsOf(tests, REHEARSAL).filter(({ name }) => STEPS.test(name));
    const evidence = steps.map(({ name, status }) => `release rehearsal: ${name}: ${status}`);
    const failed = steps.filter(({ status }) => status !== 'passed');
    if (failed.length > 0) {
      return { verdict: 'failed', figures: {}, evidence, reason: failed.map(({ name }) => name).join('; ') };
    }
    const release = await lastRelease();
    const reason =
      release === undefined
        ? 'first release: there is no previous version; the two versions of the release rehearsal worked with one another'
        : `${release} was not run against this version`;
    return {
      verdict: release === undefined ? 'not applicable' : 'open',
      figures: { steps: steps.length },
      evidence,
      reason,
    };
  },
};
