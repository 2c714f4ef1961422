// `node scripts/protocol-tables.mjs`: writes the tables of error codes and close codes in docs/protocol.md from @ws/types.
// `--check`: writes nothing, and fails if the page is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CLOSE_CODES, ERROR_CODES } from '../packages/types/src/index.ts';

const page = resolve(import.meta.dirname, '../docs/protocol.md');

/** @param {readonly (readonly (string | number)[])[]} rows */
const table = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** @param {boolean} value */
const yesNo = (value) => (value ? 'yes' : 'no');

const tables = {
  'close codes': table([
    ['code', 'name', 'meaning', 'reconnect?'],
    ['---', '---', '---', '---'],
    ...Object.entries(CLOSE_CODES).map(([name, { code, meaning, reconnect }]) => [
      code,
      `\`${name}\``,
      meaning,
      yesNo(reconnect),
    ]),
  ]),
  'error codes': table([
    ['code', 'meaning', 'retry?', 'HTTP'],
    ['---', '---', '---', '---'],
    ...Object.entries(ERROR_CODES).map(([code, { meaning, retry, status }]) => [
      `\`${code}\``,
      meaning,
      yesNo(retry),
      status,
    ]),
  ]),
};

const before = readFileSync(page, 'utf8');
let after = before;
for (const [name, text] of Object.entries(tables)) {
  const begin = `<!-- begin ${name}: written by scripts/protocol-tables.mjs -->`;
  const end = `<!-- end ${name} -->`;
  const from = after.indexOf(begin);
  const to = after.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`docs/protocol.md has no place for the table of ${name}: ${begin} … ${end}`);
  after = `${after.slice(0, from + begin.length)}\n${text}\n${after.slice(to)}`;
}

if (after !== before && process.argv.includes('--check')) {
  console.error('docs/protocol.md is out of date: run node scripts/protocol-tables.mjs');
  process.exitCode = 1;
} else if (after !== before) {
  writeFileSync(page, after);
}
