import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_FRAME_SCHEMAS,
  CLOSE_CODES,
  CONTROL_FRAME_SCHEMAS,
  CRITICAL_EVENTS,
  ERROR_CODES,
  PAYLOAD_SCHEMAS,
} from '../src/index.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(resolve(ROOT, 'docs/protocol.md'), 'utf8');

/** The rows of the first table after `heading`, without its head. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const lines = PAGE.split('\n');
  const start = lines.findIndex((line) => line.startsWith(heading));
  if (start < 0) throw new Error(`docs/protocol.md has no heading ${heading}`);
  const first = lines.findIndex((line, index) => index > start && line.startsWith('| ---')) + 1;
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first, first + length).map((line) => line.slice(2, -2).split(' | '));
}

/** `` `reason?` `` and its like in a cell, outside of parentheses. */
const fieldsIn = (cell = '') => cell.replaceAll(/\([^)]*\)/g, '').match(/(?<=`)\w+\??(?=`)/g) ?? [];

/** Field names of an object schema, optional ones with a question mark. */
function fieldsOf(schema: object): readonly string[] {
  const { entries } = schema as { readonly entries: Readonly<Record<string, { readonly type: string }>> };
  return Object.entries(entries).map(([name, { type }]) => (type === 'exact_optional' ? `${name}?` : name));
}

const unquoted = (cell = '') => cell.replaceAll('`', '');

/** What a table has no column for, and the earlier spelling of `from` in `hello`. */
const UNLISTED: ReadonlySet<string> = new Set(['type', 'resume?']);

describe('docs/protocol.md', () => {
  it('names every event of the protocol, its fields, and whether it is critical', () => {
    const rows = rowsUnder('## 4.').filter(([type]) => type !== 'any other name');
    expect(rows.map(([type, payload]) => [unquoted(type), fieldsIn(payload)])).toEqual(
      Object.entries(PAYLOAD_SCHEMAS).map(([type, schema]) => [type, fieldsOf(schema)]),
    );
    const critical = rows.filter(([, , isCritical]) => isCritical === 'yes').map(([type]) => unquoted(type));
    expect(critical).toEqual([...CRITICAL_EVENTS]);
  });

  it.each<[string, string, Readonly<Record<string, object>>]>([
    ['client', '## 5.', CLIENT_FRAME_SCHEMAS],
    ['control', '## 6.', CONTROL_FRAME_SCHEMAS],
  ])('names every %s frame and its fields', (_kind, heading, schemas) => {
    expect(rowsUnder(heading).map(([type, fields]) => [unquoted(type), fieldsIn(fields)])).toEqual(
      Object.entries(schemas).map(([type, schema]) => [type, fieldsOf(schema).filter((name) => !UNLISTED.has(name))]),
    );
  });

  it('lists every error code with its meaning, whether a retry helps, and its HTTP status', () => {
    expect(rowsUnder('### Error codes')).toEqual(
      Object.entries(ERROR_CODES).map(([code, { meaning, retry, status }]) => [
        `\`${code}\``,
        meaning,
        retry ? 'yes' : 'no',
        String(status),
      ]),
    );
  });

  it('lists every close code with its meaning and whether to connect again', () => {
    expect(rowsUnder('## 7.')).toEqual(
      Object.entries(CLOSE_CODES).map(([name, { code, meaning, reconnect }]) => [
        String(code),
        `\`${name}\``,
        meaning,
        reconnect ? 'yes' : 'no',
      ]),
    );
  });

  it('is what scripts/protocol-tables.mjs writes', () => {
    const run = () => execFileSync(process.execPath, ['scripts/protocol-tables.mjs', '--check'], { cwd: ROOT });
    expect(run).not.toThrow();
  });
});
