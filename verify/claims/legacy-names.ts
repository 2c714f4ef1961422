import { judge, type Claim } from '../support/claim.ts';
import { runModule } from '../support/run-process.ts';

interface LegacyName {
  readonly name: string;
  readonly found: boolean;
}

/** Every row of the table of deprecations, looked up in what was built. */
const LOOK_UP = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  const paths = JSON.parse(process.argv[1] ?? '[]');
  const imported = await import('@ws/compat');
  const required = require('@ws/compat');
  const names = imported.DEPRECATIONS.filter(({ kind }) => kind === 'class' || kind === 'function').map(({ name }) => name);
  console.log(JSON.stringify(names.map((name) => ({ name, found: name in imported && imported[name] === required[name] }))));`;

export const legacyNames: Claim = {
  id: 'legacy-names',
  claim: 'Every deprecated name still works',
  source: '“Legacy imports continue working through aliases”',
  async run({ tests: { tests } }) {
    const { code, stdout, stderr } = await runModule(LOOK_UP);
    if (code !== 0) throw new Error(stderr);
    const names = JSON.parse(stdout) as readonly LegacyName[];
    const ofCompat = tests.filter(({ file }) => file.startsWith('packages/compat/'));
    const wrong = [
      ...names.filter(({ found }) => !found).map(({ name }) => `${name} is gone`),
      ...ofCompat.filter(({ status }) => status === 'failed').map(({ name }) => `failed: ${name}`),
    ];
    if (!ofCompat.some(({ status }) => status === 'passed')) wrong.push('no test of @ws/compat passed');
    const passed = ofCompat.filter(({ status }) => status === 'passed').length;
    return judge(wrong, { names: names.length, 'tests of @ws/compat passed': passed }, [
      `built package, import and require: ${names.map(({ name }) => name).join(', ')}`,
    ]);
  },
};
