import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEPRECATIONS, LEGACY_MODULES } from '../packages/compat/src/deprecations.ts';
import { runNode } from '../packages/compat/test/support/run-node.ts';
import { root } from '../scripts/workspace.mjs';
import { makeFolder } from './support/folder.ts';

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

const createRequire = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');`;

const SCRIPTS = {
  'import first': `${createRequire} const names = ${NAMES}; ${imports} ${requires} ${COMPARE}`,
  'require first': `const names = ${NAMES}; ${requires} (async () => { ${imports} ${COMPARE} })();`,
  backwards: `${createRequire} const names = ${NAMES}.reverse(); ${requires} ${imports} ${COMPARE}`,
};

/** A package finds itself by its name, through its exports, as others find it. */
const COMPAT = resolve(root, 'packages/compat');

const run = (type: 'module' | 'commonjs', script: string) =>
  runNode([`--input-type=${type}`, '--eval', script], { cwd: COMPAT });

describe('the built @ws/compat', () => {
  it.each(Object.entries(SCRIPTS))('is one for import and require, by every path: %s', async (_, script) => {
    const { code, stdout, stderr } = await run(script.includes('createRequire') ? 'module' : 'commonjs', script);
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
        .flatMap((path) => [run('module', `await import('${path}')`), run('commonjs', `require('${path}')`)]);
      for (const result of await Promise.all(runs)) expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    }
  });

  it('loads no parser with its names', async () => {
    const script = `await import('@ws/compat/canonical_imports');
      console.log(process.report.getReport().sharedObjects.filter((file) => file.includes('oxc')).length);`;
    const { stdout } = await run('commonjs', `(async () => { ${script} })()`);
    expect(stdout.trim()).toBe('0');
  });

  it('shows in its types which names are deprecated', () => {
    const files = globSync('dist/*.d.ts', { cwd: COMPAT });
    const types = files.map((file) => readFileSync(join(COMPAT, file), 'utf8')).join('\n');
    for (const { code, kind } of DEPRECATIONS) if (kind !== 'private') expect(types).toContain(`@deprecated ${code}:`);
  });

  it('has the command', async () => {
    const folder = makeFolder('ws-compat-');
    try {
      const file = join(folder.path, 'legacy.cjs');
      writeFileSync(file, "const { getManager } = require('@ws/compat');\n");
      const cli = join(COMPAT, 'dist/cli.js');
      const scan = await runNode([cli, 'scan', 'legacy.cjs', '--strict'], { cwd: folder.path });
      expect(scan).toMatchObject({ code: 1, stderr: '' });
      expect(scan.stdout).toContain('legacy.cjs:1:9 WSDEP012 getManager');
      const migrate = await runNode([cli, 'migrate', 'legacy.cjs'], { cwd: folder.path });
      expect(migrate).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(file, 'utf8')).toBe("const { getWebSocketManager } = require('@ws/core');\n");
      expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    } finally {
      folder.remove();
    }
  });
});
