import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { appFolder, frameworkApp, type AppName } from './framework-apps.ts';
import { HOSTS } from './hosts.ts';

/** What came of the cases: host, case, and whether it holds. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** The results of a run in which everything holds that is said to. */
export const EXPECTED: Results = new Map(
  HOSTS.map((host) => [host.name, new Map(CASES.map(({ name }) => [name, host.fails?.includes(name) !== true]))]),
);

/** `docs/hosts.md` with the results of a run, and with the recipes as they are. */
export function withResults(page: string, results: Results): string {
  let written = between(page, 'results', table(results));
  for (const { recipe, app } of HOSTS) {
    const text = app === undefined ? codeOf(join(import.meta.dirname, 'recipes', `${recipe}.ts`)) : codeOfApp(app);
    written = between(written, `recipe ${recipe}`, text);
  }
  return written;
}

function codeOf(file: string): string {
  return `\`\`\`ts\n${readFileSync(file, 'utf8')}\`\`\``;
}

/** The files that are shown of an application, each under its name. */
function codeOfApp(name: AppName): string {
  return frameworkApp(name)
    .shown.map((file) => `\`${file}\`:\n\n${codeOf(join(appFolder(name), file))}`)
    .join('\n\n');
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
