import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const IMPORT =
  /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
const MAY_BE_IMPORTED = ['valibot', '@standard-schema/spec'];

/** Every specifier that can be reached from a file, by the file that names it. */
function reach(file: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(file)) return seen;
  const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORT)].flatMap(
    (match) => match[1] ?? match[2] ?? match[3] ?? [],
  );
  seen.set(file, specifiers);
  for (const specifier of specifiers) if (specifier.startsWith('.')) reach(resolve(dirname(file), specifier), seen);
  return seen;
}

it('reaches nothing of Node, and only the packages it names', () => {
  const reached = reach(ENTRY);
  expect(reached.size).toBeGreaterThan(15);
  const packages = [...reached.values()].flat().filter((specifier) => !specifier.startsWith('.'));
  expect([...new Set(packages)].filter((name) => !MAY_BE_IMPORTED.includes(name))).toEqual([]);
});

it('uses no global of Node', () => {
  for (const file of reach(ENTRY).keys()) {
    expect([file, readFileSync(file, 'utf8').match(/\b(process|Buffer|__dirname|require)\b\s*[.(]/)?.[0]]).toEqual([
      file,
      undefined,
    ]);
  }
});
