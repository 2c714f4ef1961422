import { judge, type Claim } from '../support/claim.ts';
import { installedPackages } from '../support/installed-packages.ts';
import { runModule } from '../support/run-process.ts';

interface LegacyNames {
  readonly names: readonly string[];
  readonly places: number;
  readonly methods: number;
  readonly wrong: readonly string[];
}

/** Every row of the table of deprecations, looked up in each place that it names, by import and by require. */
const LOOK_UP = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  const { DEPRECATIONS, getManager, UnifiedWebSocketEmitter } = await import('@ws/compat');
  const wrong = [];
  let places = 0;
  const values = DEPRECATIONS.filter(({ kind }) => ['class', 'function', 'value', 'refused'].includes(kind));
  for (const { name, modules } of values) {
    for (const module of modules) {
      const path = module === '.' ? '@ws/compat' : '@ws/compat/' + module;
      const [imported, required] = [await import(path), require(path)];
      places += 1;
      if (imported[name] === undefined) wrong.push(name + ' of ' + path + ' is gone');
      else if (imported[name] !== required[name]) wrong.push(name + ' of ' + path + ' is another one by require');
    }
  }
  const manager = getManager({ userId: 'alice' });
  const emitter = new UnifiedWebSocketEmitter(manager);
  const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());
  const methods = DEPRECATIONS.filter(({ kind }) => kind === 'method').flatMap(({ name }) => [name, snakeCase(name)]);
  for (const name of methods) {
    if (typeof manager[name] !== 'function' && typeof emitter[name] !== 'function') wrong.push('the method ' + name + ' is gone');
  }
  console.log(JSON.stringify({ names: values.map(({ name }) => name), places, methods: methods.length, wrong }));`;

export const legacyNames: Claim = {
  id: 'legacy-names',
  claim: 'Every deprecated name still works',
  source: '“Legacy imports continue working through aliases”',
  async run({ tests: { tests } }) {
    const { code, stdout, stderr } = await runModule(LOOK_UP, { cwd: await installedPackages() });
    if (code !== 0) throw new Error(stderr);
    const { names, places, methods, wrong } = JSON.parse(stdout) as LegacyNames;
    const ofCompat = tests.filter(({ file }) => file.startsWith('packages/compat/'));
    const failed = ofCompat.filter(({ status }) => status === 'failed').map(({ name }) => `failed: ${name}`);
    const passed = ofCompat.filter(({ status }) => status === 'passed').length;
    return judge(
      [...wrong, ...failed, ...(passed === 0 ? ['no test of @ws/compat passed'] : [])],
      { names: names.length, places, 'methods, in both spellings': methods, 'tests of @ws/compat passed': passed },
      [
        `installed from its tarball, each name in each module that had it, by import and by require: ${names.join(', ')}`,
      ],
    );
  },
};
