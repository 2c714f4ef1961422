import { globSync } from 'node:fs';
import { callsOfSources } from '../support/calls.ts';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';

const TESTS = '{{packages,apps}/*/test,{bench,verify}/test,e2e,release}/**/*.{test,test-d}.{ts,tsx}';
const SWITCHED_OFF = /^(it|test|describe)\.(skip|only|todo|fails)$/;
const ALLOWED = /^(it|test|describe)\.(skipIf|runIf)\(/;

export const testFiles: Claim = {
  id: 'test-files',
  claim: 'No test is switched off, and every test file has tests that ran',
  source: '“Test coverage verified” over 2,000 lines of tests that were commented out or empty',
  async run({ tests: { tests } }) {
    const files = globSync(TESTS, { cwd: ROOT })
      .map((file) => file.replaceAll('\\', '/'))
      .sort();
    const ran = new Set(tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
    const off = callsOfSources(TESTS).filter(({ callee }) => SWITCHED_OFF.test(callee));
    const wrong = [
      ...files.filter((file) => !ran.has(file)).map((file) => `no test of ${file} ran and passed`),
      ...off.map(({ callee, file, line }) => `${callee} in ${file}:${line}`),
    ];
    if (files.length === 0) wrong.push('no test files were found');
    const conditions = callsOfSources(TESTS).filter(({ callee }) => ALLOWED.test(`${callee}(`));
    const skipped = tests.filter(({ status }) => status === 'skipped');
    return judge(
      wrong,
      { 'test files': files.length, 'skipped where a tool or an ability is missing': skipped.length },
      [
        ...conditions.map(({ callee, file, line }) => `${callee} of ${file}:${line}`),
        ...skipped.map(({ file, name }) => `skipped: ${file}: ${name}`),
      ],
    );
  },
};
