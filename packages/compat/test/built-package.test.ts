import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEPRECATIONS } from '../src/index.ts';
import { buildPackages, type BuiltPackages } from './support/build-packages.ts';
import { runNode } from './support/run-node.ts';

// Tests run on sources, where `require` never comes into play: what is published is tried here, in processes of its own.
const COMPARE = `
  const context = { userId: 'alice' };
  const names = imported.compat.DEPRECATIONS.filter(({ kind }) => kind === 'class').map(({ name }) => name);
  const isTheClass = (value) => value === imported.core.UnifiedWebSocketManager;
  console.log(JSON.stringify({
    isOneClass: isTheClass(required.core.UnifiedWebSocketManager),
    notTheClass: names.filter((name) => !isTheClass(imported.compat[name]) || !isTheClass(required.compat[name])),
    isOneFactory: required.compat.getWebSocketManager === imported.core.getWebSocketManager,
    isInstance: required.compat.getManager(context) instanceof imported.compat.WebSocketManager,
    isOneManager: required.compat.getManager(context) === imported.core.getWebSocketManager(context),
    uses: imported.compat.getDeprecationUsage().map(({ name, uses }) => [name, uses]),
    isOneError: required.types.WebSocketError === imported.core.WebSocketError,
  }));`;

const load = (how: (name: string) => string) =>
  `{ ${['types', 'core', 'compat'].map((name) => `${name}: ${how(`'@ws/${name}'`)}`).join(', ')} }`;
const imports = `const imported = ${load((name) => `await import(${name})`)};`;
const requires = `const required = ${load((name) => `require(${name})`)};`;

const SCRIPTS = {
  'import-first.mjs': `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    ${imports} ${requires} ${COMPARE}`,
  'require-first.cjs': `${requires} (async () => { ${imports} ${COMPARE} })();`,
};

describe('the built package', { timeout: 180_000 }, () => {
  let built: BuiltPackages | undefined;
  beforeAll(async () => {
    built = await buildPackages();
  }, 180_000);
  const folder = (): string => built?.folder ?? '';
  afterAll(() => built?.remove());

  it.each(Object.entries(SCRIPTS))('is one for import and require: %s', async (file, script) => {
    writeFileSync(join(folder(), file), script);
    const { code, stdout, stderr } = await runNode([file], { cwd: folder() });
    expect(stderr).toContain('[WSDEP012] DeprecationWarning: getManager is a legacy name');
    expect(stderr.match(/WSDEP012/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      isOneClass: true,
      notTheClass: [],
      isOneFactory: true,
      isInstance: true,
      isOneManager: true,
      uses: [['getManager', 2]],
      isOneError: true,
    });
    expect(code).toBe(0);
  });

  it('says nothing on import', async () => {
    const run = await runNode(['--input-type=module', '--eval', "await import('@ws/compat')"], { cwd: folder() });
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('shows in its types which names are deprecated', () => {
    const types = readFileSync(join(folder(), 'node_modules/@ws/compat/dist/index.d.cts'), 'utf8');
    for (const { code } of DEPRECATIONS) expect(types).toContain(`@deprecated ${code}:`);
  });
});
