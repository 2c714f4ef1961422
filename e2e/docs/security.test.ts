import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './workspace-files.ts';

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');

const PAGE = 'docs/security.md';
const page = read(PAGE);
/** Rows of the tables of attacks, as cells. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && /\]\(\.\.\/(apps|packages)\/server\/test\//.test(line))
  .map(cellsOf);

/** The settings that their page lists, with the cell of their default. */
const defaults = new Map(
  read('docs/settings.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => {
      const cells = cellsOf(line);
      const names = (cells[0] ?? '').match(/[A-Z][A-Z_]+/g) ?? [];
      return names.map((name) => [name, cells.at(-1) ?? ''] as const);
    }),
);

it('has a row for every kind of attack, each with a test', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const cells of rows) expect(cells).toHaveLength(5);
});

it('names settings that there are, with the defaults of their page', () => {
  const named = page.match(/\bWS_[A-Z_]+\b/g) ?? [];
  expect([...new Set(named)].filter((name) => !defaults.has(name))).toEqual([]);
  const claims = [...page.matchAll(/`(WS_[A-Z_]+)`, `(\d+)`/g)];
  expect(claims.length).toBeGreaterThan(15);
  for (const [, name = '', value = ''] of claims) {
    expect({ name, default: defaults.get(name)?.match(/`(\d+)`/)?.[1] }).toEqual({ name, default: value });
  }
});

it('names metrics that the service has', () => {
  const sources = globSync('packages/server/src/observe/*.ts', { cwd: ROOT }).map(read).join('\n');
  const named = new Set(page.match(/\bws_[a-z_]+\b/g));
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !sources.includes(name))).toEqual([]);
});

it('names tests that there are: each row the files and the titles that try it', () => {
  const missing: string[] = [];
  for (const cells of rows) {
    const proof = cells.at(-1) ?? '';
    const parts = [...proof.matchAll(/\]\(([^)]+)\): ((?:`[^`]+`(?:, )?)+)/g)];
    if (parts.length === 0) missing.push(proof);
    for (const [, link = '', titles = ''] of parts) {
      const path = resolve(ROOT, dirname(PAGE), link);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      for (const [, title = ''] of titles.matchAll(/`([^`]+)`/g)) {
        if (!text.includes(title)) missing.push(`${link}: ${title}`);
      }
    }
  }
  expect(missing).toEqual([]);
});
