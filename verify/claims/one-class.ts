import { publicPackages } from '../../scripts/public-packages.mjs';
import { classesOfSources } from '../support/classes.ts';
import { judge, type Claim } from '../support/claim.ts';
import { installedPackages } from '../support/installed-packages.ts';
import { runModule } from '../support/run-process.ts';

const CLASS = 'UnifiedWebSocketManager';

/** What makes a class a manager, whatever it is called. */
const MAKES_A_MANAGER = ['emit', 'attach', 'run'];

/** The names by which the first system knew its manager. */
const ALIASES = [
  'WebSocketManager',
  'UnifiedWebSocketManager',
  '_UnifiedWebSocketManagerImplementation',
  'WebSocketConnectionManager',
  'WebSocketManagerCanonical',
  'IsolatedWebSocketManager',
  'WebSocketManagerAdapter',
];

const identities = (specifiers: readonly string[]): string => `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  const { ${CLASS}: one } = await import('@ws/core');
  const wrong = [];
  let same = 0;
  const visit = (where, exported) => {
    for (const [name, value] of Object.entries(exported)) {
      if (value === one) same += 1;
      else if (typeof value === 'function' && (value.name === '${CLASS}' || value.prototype instanceof one)) wrong.push(where + ' ' + name);
    }
  };
  for (const specifier of ${JSON.stringify(specifiers)}) {
    visit('import ' + specifier, await import(specifier));
    visit('require ' + specifier, require(specifier));
  }
  const [imported, required] = [await import('@ws/compat'), require('@ws/compat')];
  for (const name of ${JSON.stringify(ALIASES)}) {
    if (imported[name] !== one) wrong.push('import @ws/compat ' + name);
    if (required[name] !== one) wrong.push('require @ws/compat ' + name);
  }
  console.log(JSON.stringify({ same, wrong }));`;

export const oneClass: Claim = {
  id: 'one-class',
  claim: 'Exactly one implementation class, under every name, by import and by require',
  source: '“Single implementation class verified”, “WebSocketManager == UnifiedWebSocketManager”',
  async run() {
    const classes = classesOfSources();
    const named = classes.filter(({ name }) => name === CLASS).map(({ file }) => file);
    const twins = classes.filter(
      ({ name, methods, parent }) =>
        parent === CLASS || (name !== CLASS && MAKES_A_MANAGER.every((method) => methods.includes(method))),
    );
    const specifiers = publicPackages().flatMap(({ entries }) => entries.map(({ specifier }) => specifier));
    const { code, stdout, stderr } = await runModule(identities(specifiers), { cwd: await installedPackages() });
    if (code !== 0) throw new Error(stderr);
    const { same, wrong } = JSON.parse(stdout) as { same: number; wrong: readonly string[] };
    return judge(
      [
        ...(named.length === 1 ? [] : [`${named.length} classes are called ${CLASS}: ${named.join(', ')}`]),
        ...twins.map(({ file, name }) => `${name} in ${file} is a second manager`),
        ...wrong.map((where) => `${where} is another class`),
      ],
      { 'classes in the sources': classes.length, implementations: named.length, 'exports that are this class': same },
      [
        `syntax tree: ${named.join(', ')} is the only class of that name, nothing extends it, no other has its methods`,
        `one process, packages installed from their tarballs, import and require: ${ALIASES.join(' === ')}`,
      ],
    );
  },
};
