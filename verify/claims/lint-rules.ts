import { ESLint } from 'eslint';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';

/** Rules that hold a guarantee, with a file that each has to hold for. */
const RULES: readonly (readonly [rule: string, file: string])[] = [
  ['@typescript-eslint/no-floating-promises', 'apps/server/src/main.ts'],
  ['@typescript-eslint/no-misused-promises', 'apps/server/src/main.ts'],
  ['@typescript-eslint/await-thenable', 'packages/core/src/manager.ts'],
  ['@typescript-eslint/switch-exhaustiveness-check', 'packages/client/src/inbox.ts'],
  ['@typescript-eslint/no-explicit-any', 'packages/types/src/events.ts'],
  ['@typescript-eslint/no-unused-vars', 'packages/compat/src/index.ts'],
  ['@typescript-eslint/only-throw-error', 'packages/core/src/manager.ts'],
  ['no-empty', 'packages/core/src/manager.ts'],
  ['no-restricted-globals', 'packages/core/src/hub/hub.ts'],
  ['no-restricted-properties', 'packages/core/src/hub/hub.ts'],
];

interface Config {
  readonly rules?: Readonly<Record<string, readonly [severity: number, ...options: readonly unknown[]]>>;
}

export const lintRules: Claim = {
  id: 'lint-rules',
  claim:
    'The linter forbids what hurt: promises nobody awaits, errors caught to be forgotten, cases nobody handles, sleeps',
  source: '“Code quality verified”; here the linter ran, with these rules as errors',
  async run({ tests: { checks } }) {
    const eslint = new ESLint({ cwd: ROOT });
    const wrong: string[] = [];
    for (const [rule, file] of RULES) {
      const config = (await eslint.calculateConfigForFile(file)) as Config;
      if (config.rules?.[rule]?.[0] !== 2) wrong.push(`${rule} is no error in ${file}`);
    }
    const lint = checks.find(({ name }) => name === 'lint');
    if (lint === undefined || lint.failed > 0) wrong.push('the lint step did not pass in this run');
    return judge(
      wrong,
      { rules: RULES.length },
      RULES.map(([rule, file]) => `${rule} is an error, seen in ${file}`),
    );
  },
};
