import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findUses } from '../../src/codemod/find-uses.ts';
import { LegacySources } from '../../src/legacy-sources.ts';
import { migrateSource } from '../../src/codemod/migrate-source.ts';
import { parseSource } from '../../src/codemod/source-tree.ts';

// Each folder is a case: what goes in, and what has to come out. The files end in .txt, so that no other tool takes them for ours.
const FIXTURES = resolve(import.meta.dirname, 'fixtures');
const sources = new LegacySources();
const cases = globSync('*/input.*.txt', { cwd: FIXTURES })
  .sort()
  .map((path) => ({ name: dirname(path), file: basename(path, '.txt'), input: join(FIXTURES, path) }));

describe('the codemod', () => {
  it.each(cases)('$name', ({ input, file }) => {
    const output = input.replace('input.', 'output.');
    const { text } = migrateSource(file, readFileSync(input, 'utf8'), sources);
    expect(text).toBe(readFileSync(output, 'utf8'));
  });

  it.each(cases)('$name: what comes out can be parsed, and stays as it is', ({ input, file }) => {
    const { text } = migrateSource(file, readFileSync(input, 'utf8'), sources);
    parseSource(file, text);
    expect(migrateSource(file, text, sources).text).toBe(text);
  });

  it('converts all but two of the ordinary uses: an emitter, and an event whose run is said elsewhere', () => {
    const ordinary = cases.filter(({ name }) => name.startsWith('ordinary-'));
    const left = ordinary.filter(({ input, file }) => {
      const { text, marks } = migrateSource(file, readFileSync(input, 'utf8'), sources);
      const isConverted = marks.length === 0 && findUses(file, text, sources).length === 0;
      return !isConverted;
    });
    expect(ordinary).toHaveLength(17);
    expect(left.map(({ name }) => name)).toEqual(['ordinary-emit-of-an-unknown-run', 'ordinary-path-unified-emitter']);
  });

  it('ends new lines as the file does', () => {
    const input = readFileSync(join(FIXTURES, 'commonjs/input.js.txt'), 'utf8').replaceAll('\n', '\r\n');
    const output = readFileSync(join(FIXTURES, 'commonjs/output.js.txt'), 'utf8').replaceAll('\n', '\r\n');
    expect(migrateSource('input.js', input, sources).text).toBe(output);
    expect(migrateSource('input.js', output, sources).text).toBe(output);
  });
});
