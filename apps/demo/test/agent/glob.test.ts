import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../server/agent/workspace/glob.ts';

describe('file patterns', () => {
  it.each([
    ['*.ts', 'a.ts', true],
    ['*.ts', 'deep/er/a.ts', true],
    ['*.ts', 'a.tsx', false],
    ['*.test.ts', '.hidden/a.test.ts', true],
    ['/a.ts', 'a.ts', true],
    ['./src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**', 'src/deep/a.ts', true],
    ['src/**/a.ts', 'src/a.ts', true],
    ['src/**/a.ts', 'src/x/y/a.ts', true],
    ['**/test/**', 'packages/a/test/b/c.ts', true],
    ['**/test/**', 'packages/a/tests/c.ts', false],
    ['*.{ts,tsx}', 'a.tsx', true],
    ['*.{test,spec}.{ts,js}', 'x/a.spec.js', true],
    ['{*.{md,mdx},docs/**}', 'docs/a/b.png', true],
    ['{*.{md,mdx},docs/**}', 'x/a.mdx', true],
    ['{*.{md,mdx},docs/**}', 'x/a.ts', false],
    ['a?.ts', 'ab.ts', true],
    ['a?.ts', 'a/.ts', false],
    ['packages/*/src/**/*.ts', 'packages/core/src/a/b.ts', true],
    ['packages/*/src/**/*.ts', 'packages/core/test/a/b.ts', false],
    ['a.ts', 'axts', false],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['*a*b*c', 'xxaxxcxxb', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(compileGlob(pattern)(path)).toBe(expected);
  });

  it('takes little time for any pattern', () => {
    const started = performance.now();
    const matches = compileGlob(`${'*a'.repeat(100)}b`);
    for (let index = 0; index < 100; index += 1) expect(matches('a'.repeat(250))).toBe(false);
    const folders = compileGlob(`${'**/a/'.repeat(40)}b`);
    expect(folders(`${'a/'.repeat(100)}c`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('refuses what is too long, too much or unfinished', () => {
    expect(() => compileGlob('a'.repeat(301))).toThrow(/300 characters/);
    expect(() => compileGlob('{a,b}'.repeat(10))).toThrow(/256 alternatives/);
    expect(() => compileGlob('*.{ts')).toThrow(/without its/);
  });
});
