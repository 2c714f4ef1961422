const { globSync } = require('node:fs');
const { dirname } = require('node:path');

// The layers of the workspace: what each package may import. Everything that is not listed is forbidden.
const LAYERS = {
  'packages/types': [],
  'packages/core': ['packages/types'],
  'packages/client': ['packages/types'],
  'packages/react': ['packages/client', 'packages/types'],
  'packages/sqlite': ['packages/core', 'packages/types'],
  'packages/redis': ['packages/core', 'packages/types'],
  'packages/nats': ['packages/core', 'packages/types'],
  'packages/compat': ['packages/core', 'packages/types'],
  'packages/eslint-plugin': ['packages/compat'],
  'packages/conformance': ['packages/core', 'packages/types'],
  'packages/test-support': ['packages/conformance', 'packages/core', 'packages/types'],
  'packages/ui': ['packages/types'],
  'apps/demo': [
    'apps/server',
    'packages/client',
    'packages/core',
    'packages/react',
    'packages/server',
    'packages/types',
    'packages/ui',
  ],
  'apps/inspector': ['packages/client', 'packages/types', 'packages/ui'],
  'packages/server': ['packages/core', 'packages/types'],
  'apps/server': [
    'packages/core',
    'packages/nats',
    'packages/redis',
    'packages/server',
    'packages/sqlite',
    'packages/types',
  ],
  'packages/cli': ['apps/server', 'packages/client', 'packages/types'],
  bench: [
    'apps/server',
    'packages/client',
    'packages/core',
    'packages/nats',
    'packages/redis',
    'packages/sqlite',
    'packages/test-support',
    'packages/types',
  ],
};

/** What tests may import on top of what their package may. */
const TEST_LAYERS = {
  'packages/compat': ['packages/sqlite'],
  'packages/react': ['apps/server', 'packages/core'],
  'packages/server': ['packages/client'],
  'packages/sqlite': ['packages/conformance', 'packages/test-support'],
  'packages/redis': ['packages/conformance', 'packages/test-support'],
  'packages/nats': ['packages/conformance', 'packages/test-support'],
  'apps/server': ['packages/client', 'packages/conformance'],
};

// A rule about a package that is not listed would match nothing, so a new package without a layer fails here.
for (const manifest of globSync(['{packages,apps}/*/package.json', 'bench/package.json'], { cwd: __dirname })) {
  const directory = dirname(manifest).replaceAll('\\', '/');
  if (!(directory in LAYERS)) throw new Error(`${directory} has no layer: add it to LAYERS in .dependency-cruiser.cjs`);
}

const anyOf = (directories) => `^(${directories.join('|')})/`;

const layers = Object.entries(LAYERS).flatMap(([directory, allowed]) => [
  {
    name: `layers: ${directory}`,
    comment: `The sources of ${directory} may import from: ${allowed.join(', ') || 'no other package'}.`,
    severity: 'error',
    from: { path: `^${directory}/`, pathNot: `^${directory}/test/` },
    to: { path: '^(packages|apps|bench)/', pathNot: anyOf([directory, ...allowed]) },
  },
  {
    name: `layers: ${directory}/test`,
    comment: `The tests of ${directory} may import from their package, what it may import, and the packages that TEST_LAYERS names.`,
    severity: 'error',
    from: { path: `^${directory}/test/` },
    to: { path: '^(packages|apps|bench)/', pathNot: anyOf([directory, ...allowed, ...(TEST_LAYERS[directory] ?? [])]) },
  },
]);

/** The floors of core, the highest first: each may use those below it, also for its types. */
const FLOORS = ['hub', 'connection', '(agent|shared)', 'stream', '(modes|observe)', 'log', 'run'];
const CORE = '^packages/core/src/';
/** What every floor stands on. */
const GROUND = `${CORE}(authentication|clock|clock-watch|random|stream-key|timer-wheel|user-context)[.]ts$`;
/** The manager is on top. Handlers of agents and connections are given one, so that they name its type. */
const MANAGER = `${CORE}manager[.]ts$`;

const floors = [...FLOORS, undefined].map((floor, at) => ({
  name: `floors: ${floor ?? 'ground'}`,
  comment: `In packages/core an import leads to the own floor or one below: ${FLOORS.join(' > ')} > ground. See docs/architecture.md.`,
  severity: 'error',
  from: { path: floor === undefined ? GROUND : `${CORE}${floor}/` },
  to: {
    path: CORE,
    pathNot: [...FLOORS.slice(at).map((below) => `${CORE}${below}/`), GROUND, ...(at < 3 ? [MANAGER] : [])],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    ...floors,
    {
      name: 'no-cycles',
      comment:
        'Two modules that need each other are one module, or lack a third below them. Imports of types alone are passed over: they ' +
        'are gone when the program runs, and a parent may name the type of a child that reports back to it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-relative-path-into-another-package',
      comment: 'Another package is imported by its name, through its exports.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|bench)/', pathNot: '/[^/]+[.]config[.]ts$' },
      to: { path: '^(packages|apps|bench|scripts|e2e)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-src-to-test',
      comment: 'Sources know nothing of tests.',
      severity: 'error',
      from: { path: '^((packages|apps)/[^/]+|bench)/src/' },
      to: { path: '^((packages|apps)/[^/]+|bench)/test/' },
    },
    {
      name: 'no-server-in-the-page',
      comment: 'The page of the demo knows nothing of its server.',
      severity: 'error',
      from: { path: '^apps/demo/src/' },
      to: { path: '^(apps/(demo/)?server|packages/(core|server))/' },
    },
    {
      name: 'no-client-beside-the-hooks',
      comment: 'The page of the demo stands on @ws/react, as a product does: only its session makes a client.',
      severity: 'error',
      from: { path: '^apps/demo/src/', pathNot: '^apps/demo/src/session/' },
      to: { path: '^packages/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-node-in-what-runs-in-browsers',
      comment: 'These run in a browser.',
      severity: 'error',
      from: { path: '^(packages/(types|client|react|ui)|apps/(demo|inspector))/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-undeclared-dependency',
      comment: 'What is imported stands in the package.json of the package.',
      severity: 'error',
      from: { path: '^((packages|apps)/[^/]+|bench)/(src|server)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      comment:
        'Sources import development dependencies for their types only. In bench they are what it measures beside ours: `start:cluster` ' +
        'runs from there, and installs none of them.',
      severity: 'error',
      from: { path: '^((packages|apps)/[^/]+/(src|server)|bench/src/(cluster|server))/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: '/node_modules/@types/',
      },
    },
    {
      name: 'no-unresolvable',
      comment:
        'The import leads nowhere: a typing error, a missing dependency, or a path that the package does not export.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|apps)/[^/]+/(dist|coverage)/|^packages/server/test/hosts/apps/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@ws/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
