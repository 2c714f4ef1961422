import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { judge, type Claim } from '../support/claim.ts';
import { makeTempFolder, ROOT } from '../support/places.ts';
import { runProcess } from '../support/run-process.ts';

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/**
 * The tables of attacks, one after another with nothing beside them, so that the honest user's times say something. In `pnpm test` the
 * same rows run beside other tests, and only what arrives is judged.
 */
export const underAttack: Claim = {
  id: 'under-attack',
  claim: 'An attack takes no event from an honest user, and at most doubles how long one takes',
  source: 'the tables of attacks in docs/security.md',
  async run({ progress }) {
    using folder = makeTempFolder();
    const report = join(folder.path, 'attacks.json');
    progress('the tables of attacks, one row at a time');
    const vitest = resolve(ROOT, 'node_modules/vitest/vitest.mjs');
    const options = ['--no-file-parallelism', '--reporter=json', `--outputFile=${report}`];
    await runProcess(process.execPath, [vitest, 'run', '--project', 'service', 'test/attacks', ...options], {
      cwd: ROOT,
      env: { WS_QUIET_MACHINE: '1' },
    });
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const rows = testResults.flatMap(({ assertionResults }) => assertionResults);
    const wrong = rows.filter(({ status }) => status === 'failed').map(({ title }) => title);
    if (rows.length === 0) wrong.push('no attack was run');
    return judge(wrong, { attacks: rows.length - wrong.length }, ['each row of apps/server/test/attacks, by itself']);
  },
};
