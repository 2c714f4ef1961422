import { judge, type Claim } from '../support/claim.ts';

export const tests: Claim = {
  id: 'tests',
  claim: 'Unit, integration and end-to-end tests pass',
  source: '“Unit Test Validation” by counting lines of tests; here all of them ran',
  async run({ tests: { checks, tests } }) {
    const of = (status: string) => tests.filter((test) => test.status === status);
    const wrong = [
      ...checks.filter(({ failed }) => failed > 0).map(({ name, failed }) => `${name}: ${failed} failed`),
      ...of('failed').map(({ file, name }) => `${file}: ${name}`),
      ...(of('passed').length === 0 ? ['no test ran'] : []),
    ];
    const files = new Set(tests.map(({ file }) => file)).size;
    const seconds = Object.fromEntries(checks.map((check) => [`${check.name} s`, Number(check.seconds.toFixed(1))]));
    return judge(
      wrong,
      { passed: of('passed').length, failed: of('failed').length, skipped: of('skipped').length, files, ...seconds },
      [
        '`pnpm test`, all steps: format, lint, layering, typecheck, tests of every package, end-to-end and release tests',
        ...of('skipped').map(({ file, name }) => `skipped: ${file}: ${name}`),
      ],
    );
  },
};
