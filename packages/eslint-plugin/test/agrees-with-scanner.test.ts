import { validateCanonicalImportUsage } from '@ws/compat/canonical_imports';
import { Linter } from 'eslint';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { noDeprecatedNames } from '../src/no-deprecated-names.ts';

// The scanner of `@ws/compat` and the rule are two readers of one table: each finds what the other does.

const linter = new Linter();
const config: Linter.Config = {
  files: ['**/*.ts'],
  languageOptions: { parser: tseslint.parser },
  plugins: { '@ws': { rules: { 'no-deprecated-names': noDeprecatedNames } } },
  rules: { '@ws/no-deprecated-names': 'error' },
};

const HEAD = `import { getManager, type WebSocketManager } from '@ws/compat';
const manager = getManager({ userId: 'u1' });
declare const given: WebSocketManager | undefined;
declare const isReady: boolean;
`;

let folder = '';
beforeAll(() => {
  // The function of the scanner is a legacy name itself.
  vi.stubEnv('WS_COMPAT_WARNINGS', 'off');
  folder = mkdtempSync(join(tmpdir(), 'ws-agrees-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

it.each([
  ['a call', 'manager.sendToUser("u1", {});', ['sendToUser']],
  ['a call in a condition', 'if (!manager.isUserConnected()) throw new Error();', ['isUserConnected']],
  ['a look whether a method is there', 'if (manager.sendToUser) manager.emit({});', ['sendToUser']],
  ['typeof', 'if (typeof manager.broadcast === "function") manager.emit({});', ['broadcast']],
  ['an optional chain in a condition', 'while (manager?.getConnectionCount() > 0) break;', ['getConnectionCount']],
  ['a branch of ?:', 'const n = isReady ? manager.getConnectionCount() : 0;', ['getConnectionCount']],
  ['the value of ?:', '(isReady ? manager : getManager({})).shutdown();', ['shutdown']],
  ['the value of ??', 'const one = given ?? getManager({}); one.shutdown();', ['shutdown']],
  [
    'an assignment in a condition',
    'let a; if ((a = getManager({})).isUserConnected()) a.emit({});',
    ['isUserConnected'],
  ],
  ['a type among others', 'if (given && given.isUserConnected()) given.emit({});', ['isUserConnected']],
  [
    'a field',
    'class A { m = getManager({}); f() { if (this.m.isUserConnected()) this.m.emit({}); } }',
    ['isUserConnected'],
  ],
  ['a typed field', 'class A { #m: WebSocketManager; f() { return this.#m?.getStats(); } }', ['getStats']],
  [
    'a parameter property',
    'class A { constructor(private m: WebSocketManager) {} f() { this.m.shutdown(); } }',
    ['shutdown'],
  ],
  ['a field of another class', 'class A { m = getManager({}); } class B { n = 1; f() { this.n.shutdown(); } }', []],
  ['a method as a value', 'const send = manager.send_to_user;', ['send_to_user']],
])('both find %s', async (_, code, expected) => {
  const text = `${HEAD}${code}\n`;
  const found = linter
    .verify(text, config, { filename: 'file.ts' })
    .map(({ line, column }) => `${line}:${column}`)
    .sort();
  const path = join(folder, 'file.ts');
  writeFileSync(path, text);
  const { uses } = await validateCanonicalImportUsage(path);
  expect(uses.map(({ line, column }) => `${line}:${column}`).sort()).toEqual(found);
  expect(uses.filter(({ line }) => line > 4).map(({ name }) => name)).toEqual(expected);
});
