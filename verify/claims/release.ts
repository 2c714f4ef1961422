import { judge, type Claim } from '../support/claim.ts';
import { testsOf } from '../support/test-run.ts';

const FILES = [
  'release/rehearsal.test.ts',
  'release/packed.test.ts',
  'release/readmes.test.ts',
  'release/workflows.test.ts',
];

export const release: Claim = {
  id: 'release',
  claim: 'A release can be published, installed by version, run and upgraded',
  source: '“READY FOR DEPLOYMENT”',
  async run({ tests: { tests } }) {
    const found = FILES.map((file) => ({ file, tests: testsOf(tests, file) }));
    const wrong = found.flatMap(({ file, tests: ofFile }) =>
      ofFile.length === 0
        ? [`${file} did not run`]
        : ofFile.filter(({ status }) => status !== 'passed').map(({ name, status }) => `${file}: ${name} (${status})`),
    );
    const steps = testsOf(tests, FILES[0] ?? '').map(({ name, status }) => `${name}: ${status}`);
    return judge(wrong, Object.fromEntries(found.map(({ file, tests: ofFile }) => [file, ofFile.length])), steps);
  },
};
