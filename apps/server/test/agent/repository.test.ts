import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from './support/ask.ts';

// The truth is found out here in another way than the agent's.
const root = resolve(import.meta.dirname, '../../../..');

const ASIDE = /(?:^|\/)(?:\.git|node_modules|dist|data|coverage|test-results|\.turbo|\.cache)(?:\/|$)/;

function filesOf(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (path) => ASIDE.test(path) }).filter((path) => !ASIDE.test(path));
}

function linesIn(paths: readonly string[]): number {
  const counts = paths.map((path) => {
    const text = readFileSync(resolve(root, path), 'utf8');
    return (text.match(/\n/g)?.length ?? 0) + (text !== '' && !text.endsWith('\n') ? 1 : 0);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

it('tells where the manager factory of this repository is', async () => {
  const path = filesOf('packages/core/src/**/*.ts').find((each) =>
    /^export function getWebSocketManager\b/m.test(readFileSync(resolve(root, each), 'utf8')),
  );
  const lines = readFileSync(resolve(root, path ?? ''), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.startsWith('export function getWebSocketManager')) + 1;
  const run = await ask(root, 'Where is the manager factory defined?');
  expect(run.answer).toContain(`\`getWebSocketManager\` (function) is defined in \`${path}:${line}\`.`);
});

it('tells how many lines of tests this repository has', async () => {
  const paths = filesOf('**/*.{test,spec,test-d}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}');
  const run = await ask(root, 'How many lines of tests are there?');
  expect(run.answer).toContain(
    `There are **${linesIn(paths).toLocaleString('en-US')} lines** of tests, in ${paths.length} files`,
  );
});

it('tells how many TypeScript files a package has', async () => {
  const paths = filesOf('packages/types/**/*.{ts,tsx,mts,cts}');
  const run = await ask(root, 'How many TypeScript files are in packages/types?');
  expect(run.answer).toContain(`There are **${paths.length} files** of TypeScript in \`packages/types\`.`);
});

it('tells where an error code is used', async () => {
  const run = await ask(root, 'search for "RUN_ALREADY_COMPLETED"');
  expect(run.answer).toContain('`packages/types/src/error-codes.ts:');
});
