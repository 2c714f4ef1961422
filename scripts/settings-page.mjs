// `node --conditions=@ws/source scripts/settings-page.mjs`: writes the tables of docs/settings.md from the settings of the service.
// `--check`: writes nothing, and fails if the page is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingsPage } from '../apps/server/src/settings/index.ts';

const page = resolve(import.meta.dirname, '../docs/settings.md');
const BEGIN = '<!-- begin settings: written by scripts/settings-page.mjs -->';
const END = '<!-- end settings -->';

const before = readFileSync(page, 'utf8');
const from = before.indexOf(BEGIN);
const to = before.indexOf(END);
if (from < 0 || to < from) throw new Error(`docs/settings.md has no place for the tables: ${BEGIN} … ${END}`);
const after = `${before.slice(0, from + BEGIN.length)}\n\n${settingsPage()}\n\n${before.slice(to)}`;

if (after !== before && process.argv.includes('--check')) {
  console.error('docs/settings.md is out of date: run node --conditions=@ws/source scripts/settings-page.mjs');
  process.exitCode = 1;
} else if (after !== before) {
  writeFileSync(page, after);
}
