import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from './support/ask.ts';

// The truth is found out here in another way than the agent's.
const root = resolve(import.meta.dirname, '../../../..');

const ASIDE = /^(?:\.git|node_modules|dist|data|coverage|test-results|\.turbo|\.cache|__pycache__|\.venv)$/;

function filesBelow(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ASIDE.test(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

const files = filesBelow();
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

function linesIn(text: string): number {
  return (text.match(/\n/g)?.length ?? 0) + (text !== '' && !text.endsWith('\n') ? 1 : 0);
}

it('tells where the manager factory of this repository is', async () => {
  const definition = 'export function getWebSocketManager(';
  const path =
    files.find((each) => each.startsWith('packages/core/src/') && textOf(each).includes(`\n${definition}`)) ?? '';
  const line =
    textOf(path)
      .split('\n')
      .findIndex((text) => text.startsWith(definition)) + 1;
  const run = await ask(root, 'Where is the manager factory defined?');
  expect(run.answer).toContain(`\`getWebSocketManager\` (function) is defined in \`${path}:${line}\`.`);
});

it('tells how many lines of tests this repository has', async () => {
  const tests = files.filter((path) => /\.(?:test|spec|test-d)\.[mc]?[tj]sx?$/.test(path));
  const lines = tests.map((path) => linesIn(textOf(path))).reduce((sum, count) => sum + count, 0);
  const run = await ask(root, 'How many lines of tests are there?');
  expect(run.answer).toContain(
    `There are **${lines.toLocaleString('en-US')} lines** of tests, in ${tests.length} files`,
  );
});

it('tells how many TypeScript files a package has', async () => {
  const amount = files.filter((path) => path.startsWith('packages/types/') && /\.[mc]?tsx?$/.test(path)).length;
  const run = await ask(root, 'How many TypeScript files are in packages/types?');
  expect(run.answer).toContain(`There are **${amount} files** of TypeScript in \`packages/types\`.`);
});

it('tells who uses a function', async () => {
  const name = 'judgeRunOrder';
  const using = files.filter((path) => new RegExp(`\\b${name}\\b`).test(textOf(path)));
  const lines = using
    .flatMap((path) => textOf(path).split('\n'))
    .filter((line) => new RegExp(`\\b${name}\\b`).test(line));
  const definitions = lines.filter((line) => line.startsWith(`export function ${name}(`));
  expect(definitions).toHaveLength(1);
  const run = await ask(root, `Who calls ${name}?`);
  expect(run.answer).toContain(`\`${name}\` stands in ${lines.length - 1} lines of`);
});

it('tells how long a file is', async () => {
  const path = 'packages/types/src/error-codes.ts';
  const run = await ask(root, 'How long is error-codes.ts?');
  expect(run.answer).toContain(`There are **${linesIn(textOf(path))} lines** in \`${path}\``);
});
