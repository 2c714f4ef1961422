import type { Claim } from '../support/claim.ts';
import { lastRelease } from '../support/released.ts';

export const performanceRatio: Claim = {
  id: 'performance',
  claim: 'Not slower than the last release',
  source: '“No performance impact detected from aliasing”, without a measurement',
  async run() {
    const release = await lastRelease();
    if (release === undefined) {
      const reason = 'first release: there is no earlier version to be measured beside this one';
      return { verdict: 'not applicable', figures: {}, evidence: [], reason };
    }
    // Ratios need both versions measured in turns in one run; that is the work of the benchmark suite.
    const reason = `${release} was not measured beside this version in this run`;
    return { verdict: 'open', figures: {}, evidence: [], reason };
  },
};
