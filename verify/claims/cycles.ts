import { resolve } from 'node:path';
import { bin } from '../../scripts/workspace.mjs';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import { runProcess } from '../support/run-process.ts';

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly totalDependenciesCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

export const cycles: Claim = {
  id: 'cycles',
  claim: 'No import cycle, and no import against the layers',
  source: '“No circular import issues detected”',
  async run() {
    const args = [
      bin('dependency-cruiser', 'depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ];
    const { stdout, stderr } = await runProcess(process.execPath, [...args, 'packages', 'apps'], {
      cwd: resolve(ROOT),
    });
    if (stdout === '') throw new Error(stderr);
    const { summary } = JSON.parse(stdout) as Cruise;
    const wrong = summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
    return judge(wrong, { modules: summary.totalCruised, imports: summary.totalDependenciesCruised }, [
      'dependency-cruiser over the sources and tests of all packages and applications',
    ]);
  },
};
