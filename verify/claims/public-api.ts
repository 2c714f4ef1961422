import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import { git } from '../support/released.ts';
import { testsOf } from '../support/test-run.ts';

const REPORT_TESTS = 'release/api-reports.test.ts';
const PIN_TESTS = 'release/pins.test.ts';

export const publicApi: Claim = {
  id: 'public-api',
  claim: 'The public API is unchanged, or changed with a changeset',
  source: '“API Compatibility: Manager interface unchanged”, “Breaking Changes: NONE DETECTED”',
  async run({ tests: { tests }, previous: release }) {
    const reports = globSync('reports/api/*.api.md', { cwd: ROOT }).sort();
    const changesets = globSync('.changeset/*.md', { cwd: ROOT }).filter((path) => !path.endsWith('README.md'));
    const proving = [...testsOf(tests, REPORT_TESTS), ...testsOf(tests, PIN_TESTS)];
    const wrong = proving.filter(({ status }) => status !== 'passed').map(({ name }) => `${name} did not pass`);
    if (testsOf(tests, REPORT_TESTS).length < reports.length) wrong.push(`${REPORT_TESTS} did not run`);

    const changed: string[] = [];
    for (const path of release === undefined ? [] : reports) {
      const before = await git('show', `${release}:${path}`);
      if (before !== readFileSync(resolve(ROOT, path), 'utf8')) changed.push(path);
    }
    if (changed.length > 0 && changesets.length === 0) wrong.push(`${changed.join(', ')} changed without a changeset`);
    const sinceRelease =
      release === undefined
        ? 'first release: there is no earlier report to compare with'
        : `${changed.length} reports differ from ${release}: ${changed.join(', ') || 'none'}`;
    return judge(
      wrong,
      {
        'entries with a report': reports.length,
        'changesets waiting': changesets.length,
        'reports changed since the last release': release === undefined ? 'no release yet' : changed.length,
      },
      [`built types equal the committed reports and the pins (${REPORT_TESTS}, ${PIN_TESTS})`, sinceRelease],
    );
  },
};
