import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { HOSTS } from './hosts.ts';

/** What came of the cases: host, case, and whether it holds. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** The results of a run in which everything holds. */
export const ALL_HOLD: Results = new Map(
  HOSTS.map((host) => [host.name, new Map(CASES.map(({ name }) => [name, true]))]),
);

/** `docs/hosts.md` with the results of a run, and with the recipes as they are. */
export function withResults(page: string, results: Results): string {
  let written = between(page, 'results', table(results));
  for (const recipe of new Set(HOSTS.map((host) => host.recipe))) {
    const code = readFileSync(join(import.meta.dirname, 'recipes', `${recipe}.ts`), 'utf8');
    written = between(written, `recipe ${recipe}`, `\`\`\`ts\n${code}\`\`\``);
  }
  return written;
}

function table(results: Results): string {
  const cellsOf = (name: string): readonly string[] =>
    HOSTS.map(
      (host) => ({ true: 'yes', false: 'no', undefined: '–' })[String(results.get(host.name)?.get(name))] ?? '',
    );
  const rows = [
    ['', ...HOSTS.map(({ name }) => name)],
    ['---', ...HOSTS.map(() => '---')],
    ...CASES.map(({ name }) => [name, ...cellsOf(name)]),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function between(page: string, name: string, text: string): string {
  const begin = `<!-- begin ${name}: written by pnpm hosts -->`;
  const end = `<!-- end ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/hosts.md has no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
