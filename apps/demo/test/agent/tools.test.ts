import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  countLines,
  countSymbols,
  findSymbols,
  listFiles,
  readFile,
  searchText,
  WORKSPACE_TOOLS,
  type ToolContext,
} from '../../server/agent/tools/index.ts';
import { Workspace } from '../../server/agent/workspace/index.ts';
import { linesOf, makeFolder } from './support/folder.ts';

function contextOf(files: Readonly<Record<string, string | Uint8Array>>): ToolContext {
  return { workspace: new Workspace(makeFolder(files)), signal: new AbortController().signal };
}

describe('list_files', () => {
  it('lists and counts by folder', async () => {
    const context = contextOf({ 'a.md': 'ab', 'src/a.ts': '', 'src/deep/b.ts': '', 'lib/c.js': '', '.env': 'x' });
    expect(await listFiles.run({}, context)).toEqual({
      total: 4,
      files: [
        { path: 'a.md', bytes: 2 },
        { path: 'lib/c.js', bytes: 0 },
        { path: 'src/a.ts', bytes: 0 },
        { path: 'src/deep/b.ts', bytes: 0 },
      ],
      folders: [
        { path: '.', files: 1 },
        { path: 'lib', files: 1 },
        { path: 'src', files: 2 },
      ],
      truncated: false,
      skipped: { secret: { count: 1, examples: [] } },
    });
  });

  it('counts all even where it lists few', async () => {
    const context = contextOf({ 'src/a.ts': '', 'src/b.ts': '', 'src/c.md': '', 'd.ts': '' });
    expect(await listFiles.run({ under: 'src', glob: '*.ts', limit: 1 }, context)).toMatchObject({
      total: 2,
      files: [{ path: 'src/a.ts' }],
      truncated: true,
    });
  });
});

describe('count_lines', () => {
  it('counts as an editor does', async () => {
    const context = contextOf({
      'none.txt': '',
      'one.txt': 'a',
      'one-ended.txt': 'a\n',
      'two.txt': 'a\n\n',
      'windows.txt': 'a\r\nb\r\n\r\n',
    });
    expect(await countLines.run({}, context)).toMatchObject({
      files: 5,
      lines: 7,
      blank_lines: 2,
      longest: [
        { path: 'windows.txt', lines: 3 },
        { path: 'two.txt', lines: 2 },
        { path: 'one-ended.txt', lines: 1 },
        { path: 'one.txt', lines: 1 },
        { path: 'none.txt', lines: 0 },
      ],
    });
  });

  it('counts by extension, with what is left out', async () => {
    const context = contextOf({
      'a.ts': linesOf(3),
      'a.test.ts': linesOf(4),
      'b.md': linesOf(2),
      Makefile: linesOf(1),
      'c.png': 'x',
    });
    expect(await countLines.run({ exclude: '*.test.ts' }, context)).toMatchObject({
      lines: 6,
      by_extension: [
        { extension: '.ts', files: 1, lines: 3 },
        { extension: '.md', files: 1, lines: 2 },
        { extension: '(none)', files: 1, lines: 1 },
      ],
      skipped: { binary: { count: 1 } },
    });
  });
});

describe('search_text', () => {
  const files = {
    'a.ts': 'const Foo = 1;\nfoo();\nfoobar();\n',
    'b.md': 'Foo and foo on one line\nprice: $4 (a+b)\n',
    'c.txt': 'nothing\n',
  };

  it('finds lines, capital or small', async () => {
    expect(await searchText.run({ query: 'FOO' }, contextOf(files))).toMatchObject({
      files_searched: 3,
      files_matching: 2,
      matching_lines: 4,
      matches: [
        { path: 'a.ts', line: 1, text: 'const Foo = 1;' },
        { path: 'a.ts', line: 2 },
        { path: 'a.ts', line: 3 },
        { path: 'b.md', line: 1 },
      ],
      by_file: [
        { path: 'a.ts', lines: 3 },
        { path: 'b.md', lines: 1 },
      ],
      truncated: false,
    });
  });

  it('tells whole words and capitals apart when asked', async () => {
    const found = await searchText.run({ query: 'foo', whole_word: true, case_sensitive: true }, contextOf(files));
    expect(found.matches.map(({ path, line }) => `${path}:${line}`)).toEqual(['a.ts:2', 'b.md:1']);
  });

  it('takes a text as text and a pattern as pattern', async () => {
    const context = contextOf(files);
    expect(await searchText.run({ query: '$4 (a+b)' }, context)).toMatchObject({ matching_lines: 1 });
    expect(await searchText.run({ query: '^fo+\\w*\\(', regex: true }, context)).toMatchObject({ matching_lines: 2 });
  });

  it('finds lines with all words, in any order', async () => {
    const found = await searchText.run({ query: 'line  FOO and', all_words: true }, contextOf(files));
    expect(found.matches).toEqual([{ path: 'b.md', line: 1, text: 'Foo and foo on one line' }]);
    expect(await searchText.run({ query: '   ', all_words: true }, contextOf(files))).toMatchObject({
      matching_lines: 0,
    });
  });

  it('counts on after the last line it lists', async () => {
    const context = contextOf({ 'a.txt': linesOf(30, 'hit') });
    const found = await searchText.run({ query: 'hit', limit: 5 }, context);
    expect(found).toMatchObject({ matching_lines: 30, truncated: true });
    expect(found.matches).toHaveLength(5);
  });

  it('refuses a pattern that is none', async () => {
    await expect(searchText.run({ query: '(', regex: true }, contextOf(files))).rejects.toThrow(
      /Invalid regular expression/,
    );
  });

  it.each(['^(a+)+$', '(a|a)*b', '(.*a){12}c'])('gives up on %s soon', async (query) => {
    const context = contextOf({ 'a.txt': `${'a'.repeat(60)}!\n`, 'b.txt': `${'a'.repeat(60)}!\n` });
    const started = performance.now();
    await expect(searchText.run({ query, regex: true }, context)).rejects.toThrow(/takes too long/);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('read_file', () => {
  const text = Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}`).join('\n');

  it('reads a range', async () => {
    expect(
      await readFile.run({ path: 'a.txt', from_line: 2, to_line: 3 }, contextOf({ 'a.txt': 'a\nb\nc\nd\n' })),
    ).toEqual({
      path: 'a.txt',
      total_lines: 4,
      from_line: 2,
      to_line: 3,
      text: 'b\nc',
      truncated: false,
    });
  });

  it('reads no more than its bound, and says so', async () => {
    const read = await readFile.run({ path: 'a.txt' }, contextOf({ 'a.txt': text }));
    expect(read).toMatchObject({ total_lines: 1_000, to_line: 400, truncated: true });
    const wide = await readFile.run({ path: 'a.txt' }, contextOf({ 'a.txt': 'x'.repeat(100_000) }));
    expect(wide.truncated).toBe(true);
    expect(wide.text.length).toBeLessThanOrEqual(24_000);
  });

  it('gives nothing for a range past the end', async () => {
    expect(await readFile.run({ path: 'a.txt', from_line: 9 }, contextOf({ 'a.txt': 'a\n' }))).toMatchObject({
      text: '',
      total_lines: 1,
      truncated: false,
    });
  });
});

describe('find_symbols and count_symbols', () => {
  const files = {
    'src/shop.ts': [
      '/** Sells things. */',
      'export class Shop {',
      '  open(): void {}',
      '}',
      'export const createShop = (): Shop => new Shop();',
      'function helper() {}',
      '',
    ].join('\n'),
    'tool.py': 'class Tool:\n    """Cuts wood."""\n    def cut(self):\n        pass\n\ndef main():\n    pass\n',
    'notes.md': 'class NotCode\n',
  };

  it('finds a definition by its name', async () => {
    const { matches } = await findSymbols.run({ query: 'Shop', kind: 'class' }, contextOf(files));
    expect(matches[0]).toMatchObject({
      name: 'Shop',
      kind: 'class',
      path: 'src/shop.ts',
      line: 2,
      exported: true,
      signature: 'export class Shop',
      doc: 'Sells things.',
    });
  });

  it('parses a file again when it has changed', async () => {
    const folder = makeFolder({ 'a.ts': 'export function before() {}' });
    const context = { workspace: new Workspace(folder), signal: new AbortController().signal };
    const find = async () => (await findSymbols.run({}, context)).matches.map(({ name }) => name);
    expect(await find()).toEqual(['before']);
    writeFileSync(join(folder, 'a.ts'), 'export function after() {}');
    expect(await find()).toEqual(['after']);
  });

  it('finds a definition by what its comment says', async () => {
    const { matches } = await findSymbols.run({ query: 'cuts wood tool' }, contextOf(files));
    expect(matches[0]).toMatchObject({ name: 'Tool', path: 'tool.py', line: 1 });
  });

  it('lists all without a query', async () => {
    const { matches, found } = await findSymbols.run({ under: 'src' }, contextOf(files));
    expect(found).toBe(4);
    expect(matches.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'Shop class',
      'open method',
      'createShop const',
      'helper function',
    ]);
  });

  it('counts by kind', async () => {
    expect(await countSymbols.run({}, contextOf(files))).toMatchObject({
      files: 2,
      total: 7,
      by_kind: expect.arrayContaining([
        { kind: 'class', total: 2, exported: 2 },
        { kind: 'function', total: 2, exported: 1 },
        { kind: 'method', total: 2, exported: 0 },
        { kind: 'const', total: 1, exported: 1 },
      ]) as unknown,
    });
  });
});

describe('arguments', () => {
  const context = () => contextOf({ 'a.txt': 'a' });

  it.each([
    [readFile, {}, /path/],
    [readFile, { path: 3 }, /path/],
    [readFile, { path: 'a.txt', to_line: 0 }, /to_line/],
    [readFile, { path: 'a.txt', mode: 'w' }, /mode/],
    [searchText, { query: '' }, /query/],
    [searchText, { query: 'x'.repeat(201) }, /query/],
    [listFiles, { limit: 10_000 }, /limit/],
    [findSymbols, { kind: 'unicorn' }, /kind/],
    [countLines, 'all', /Wrong arguments/],
    [countLines, null, /Wrong arguments/],
  ] as const)('of %o are checked: %o', async (tool, args, message) => {
    await expect(tool.invoke(args, context())).rejects.toThrow(message);
  });

  it.each(WORKSPACE_TOOLS)('of $name are told to a model as they are checked', ({ name, description, parameters }) => {
    expect(name).toMatch(/^[a-z_]+$/);
    expect(description.length).toBeGreaterThan(30);
    expect(parameters).toMatchObject({ type: 'object', additionalProperties: false });
    for (const property of Object.values(parameters['properties'] as Record<string, { description?: string }>))
      expect(property.description).toEqual(expect.any(String));
  });

  it('become JSON Schema with bounds, defaults and choices', () => {
    expect(findSymbols.parameters).toMatchObject({
      properties: {
        kind: { type: 'string', enum: expect.arrayContaining(['class', 'function']) as unknown },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
      },
      required: [],
    });
    expect(readFile.parameters).toMatchObject({ required: ['path'] });
  });
});
