// `pnpm hosts`: tries the contract on every host, and writes the table of docs/hosts.md. `pnpm hosts bun deno`: on those whose name has
// one of the words, and writes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildApp } from './framework-apps.ts';
import { HOSTS } from './hosts.ts';
import { withResults, type Results } from './page.ts';
import { programOf } from './programs.ts';
import { tryHost } from './try-host.ts';

const PAGE = resolve(import.meta.dirname, '../../../../docs/hosts.md');

const words = process.argv.slice(2).filter((word) => word !== '--');
const wanted = HOSTS.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())),
);
if (wanted.length === 0) {
  console.error(`No host has one of these words in its name. There are: ${HOSTS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

function lineOf(name: string, error: unknown, isKnown: boolean): string {
  if (error === undefined)
    return isKnown ? `  FAILED ${name}: it holds, and hosts.ts says that it does not` : `  ${name}`;
  if (isKnown) return `  (${name} does not hold, as docs/hosts.md says)`;
  return `  FAILED ${name}: ${error instanceof Error ? error.message : 'it threw no error'}`;
}

const results = new Map<string, ReadonlyMap<string, boolean>>() satisfies Results;
let failed = 0;
for (const kind of wanted) {
  console.log(`\n${kind.name}`);
  const ofHost = new Map<string, boolean>();
  results.set(kind.name, ofHost);
  if (kind.app !== undefined) buildApp(kind.app);
  const startedAt = performance.now();
  await tryHost(kind, programOf(kind.runtime), (name, error) => {
    ofHost.set(name, error === undefined);
    const isKnown = kind.fails?.includes(name) === true;
    if ((error !== undefined) !== isKnown) failed += 1;
    console.log(lineOf(name, error, isKnown));
  });
  console.log(`  ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}
if (words.length === 0) writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), results));
console.log(`\n${wanted.length} hosts, ${failed} failures`);
process.exit(failed === 0 ? 0 : 1);
