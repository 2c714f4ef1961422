import { relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { declarationsIn } from '../scripts/deprecated-comments.ts';
import { generatedFiles } from '../scripts/generated-files.ts';
import { DEPRECATIONS } from '../src/deprecations.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const files = generatedFiles().map((file) => ({ ...file, name: relative(ROOT, file.path) }));

it.each(files)('$name is what the table makes of it', ({ actual, expected }) => {
  // If not: npx --yes pnpm@12 --filter @ws/compat generate
  expect(actual).toBe(expected);
});

it('every name of the table is declared somewhere, with its tag', () => {
  const declared = new Set(files.flatMap(({ expected }) => declarationsIn(expected).map(({ name }) => name)));
  const missing = DEPRECATIONS.filter(({ name, kind }) => kind !== 'private' && !declared.has(name));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
