import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEPRECATIONS, LEGACY_MODULES } from '../src/deprecations.ts';
import { buildPackages, type BuiltPackages } from './support/build-packages.ts';
import { runNode } from './support/run-node.ts';

const PATHS = LEGACY_MODULES.map((module) => (module === '.' ? '@ws/compat' : `@ws/compat/${module}`));
const NAMES = JSON.stringify([...PATHS, '@ws/core', '@ws/types']);

// Tests run on sources, where `require` never comes into play: what is published is tried here, in processes of its own. Each
// name of each path has to be the same value by `import` and by `require`, and each class alias the class of the core.
const COMPARE = `
  const context = { userId: 'alice' };
  const { UnifiedWebSocketManager, WebSocketError, getWebSocketManager } = imported['@ws/core'];
  const table = imported['@ws/compat'].DEPRECATIONS;
  const differ = [];
  for (const path of names) {
    const keys = [...new Set([...Object.keys(imported[path]), ...Object.keys(required[path])])];
    for (const key of keys) {
      if (key === 'module.exports' || key === '__esModule') continue;
      if (imported[path][key] !== required[path][key]) differ.push(path + ' ' + key);
      const entry = table.find(({ name, kind }) => name === key && kind === 'class');
      const canonical = entry?.canonical.name === 'WebSocketError' ? WebSocketError : UnifiedWebSocketManager;
      if (entry !== undefined && imported[path][key] !== canonical) differ.push(path + ' ' + key + ' is another class');
    }
  }
  const { getManager } = required['@ws/compat/unified_init'];
  console.log(JSON.stringify({
    differ,
    isInstance: getManager(context) instanceof imported['@ws/compat/manager'].WebSocketManager,
    isOneManager: getManager(context) === getWebSocketManager(context),
    uses: imported['@ws/compat'].getDeprecationUsage().map(({ name, uses }) => [name, uses]),
  }));`;

const imports = `const imported = {}; for (const name of names) imported[name] = await import(name);`;
const requires = `const required = {}; for (const name of names) required[name] = require(name);`;

const SCRIPTS = {
  'import-first.mjs': `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const names = ${NAMES};
    ${imports} ${requires} ${COMPARE}`,
  'require-first.cjs': `const names = ${NAMES}; ${requires} (async () => { ${imports} ${COMPARE} })();`,
  'backwards.mjs': `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const names = ${NAMES}.reverse();
    ${requires} ${imports} ${COMPARE}`,
};

describe('the built package', { timeout: 240_000 }, () => {
  let built: BuiltPackages | undefined;
  beforeAll(async () => {
    built = await buildPackages();
  }, 240_000);
  const folder = (): string => built?.folder ?? '';
  afterAll(() => built?.remove());

  it.each(Object.entries(SCRIPTS))('is one for import and require, by every path: %s', async (file, script) => {
    writeFileSync(join(folder(), file), script);
    const { code, stdout, stderr } = await runNode([file], { cwd: folder() });
    // Two call sites.
    expect(stderr.match(/\[WSDEP012\] DeprecationWarning: getManager is a legacy name/g)).toHaveLength(2);
    expect(JSON.parse(stdout)).toEqual({ differ: [], isInstance: true, isOneManager: true, uses: [['getManager', 2]] });
    expect(code).toBe(0);
  });

  it('resolves each path on its own, by import and by require, and says nothing', async () => {
    const paths = [...PATHS, '@ws/compat/deprecations', '@ws/compat/legacy-sources'];
    // A few at a time: a process each is heavy enough.
    while (paths.length > 0) {
      const runs = paths
        .splice(0, 4)
        .flatMap((path) => [
          runNode(['--input-type=module', '--eval', `await import('${path}')`], { cwd: folder() }),
          runNode(['--eval', `require('${path}')`], { cwd: folder() }),
        ]);
      for (const run of await Promise.all(runs)) expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
    }
  });

  it('loads no parser with its names', async () => {
    const script = `await import('@ws/compat/canonical_imports');
      console.log(process.report.getReport().sharedObjects.filter((file) => file.includes('oxc')).length);`;
    const { stdout } = await runNode(['--input-type=commonjs', '--eval', `(async () => { ${script} })()`], {
      cwd: folder(),
    });
    expect(stdout.trim()).toBe('0');
  });

  it('shows in its types which names are deprecated', () => {
    const types = built?.typesOf('compat') ?? '';
    for (const { code, kind } of DEPRECATIONS) if (kind !== 'private') expect(types).toContain(`@deprecated ${code}:`);
  });

  it('has the command', async () => {
    writeFileSync(join(folder(), 'legacy.cjs'), "const { getManager } = require('@ws/compat');\n");
    const cli = join(folder(), 'node_modules/@ws/compat/dist/cli.js');
    const scan = await runNode([cli, 'scan', 'legacy.cjs', '--strict'], { cwd: folder() });
    expect(scan).toMatchObject({ code: 1, stderr: '' });
    expect(scan.stdout).toContain('legacy.cjs:1:9 WSDEP012 getManager');
    const migrate = await runNode([cli, 'migrate', 'legacy.cjs'], { cwd: folder() });
    expect(migrate).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(folder(), 'legacy.cjs'), 'utf8')).toBe(
      "const { getWebSocketManager } = require('@ws/core');\n",
    );
    expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
