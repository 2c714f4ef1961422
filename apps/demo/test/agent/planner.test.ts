import { describe, expect, it } from 'vitest';
import { pickBest } from '../../server/agent/planner/symbol-choice.ts';
import { linesOf, makeFolder } from './support/folder.ts';
import { ask } from './support/ask.ts';

/** A small shop whose parts are named as those of a large program are. */
function makeShop(): string {
  return makeFolder({
    'README.md': '# Shop\n\nA shop that sells tea.\n\n```sh\nnpm start\n```\n\nIt opens at nine.\n',
    'package.json': '{\n  "scripts": { "start": "node shop.mjs", "test": "vitest" }\n}\n',
    'packages/core/src/get-shop-manager.ts': [
      "import { ShopManager } from './shop-manager.ts';",
      '',
      '/**',
      ' * The canonical way to get the manager of a shop.',
      ' */',
      'export function getShopManager(owner: Owner): ShopManager {',
      '  return new ShopManager(owner);',
      '}',
      '',
      'export const other = 1;',
      '',
    ].join('\n'),
    'packages/core/src/shop-manager.ts': [
      '/** Keeps a shop. */',
      'export class ShopManager {',
      '  sell(): void {}',
      '}',
      '',
    ].join('\n'),
    'packages/core/test/shop.test.ts': `import { getShopManager } from '../src/get-shop-manager.ts';\n\nit('sells', () => {});\n  test.each([1, 2])('%s', () => {});\nit.skip('rests', () => {});\n`,
    'packages/core/test/support/fake-till.ts': linesOf(7),
    'packages/types/src/index.ts': linesOf(11, 'export {};'),
    'docs/tea.md': 'Green tea.\nBlack tea.\n',
    'node_modules/x/index.ts': linesOf(999),
    '.env': 'KEY=abc\n',
  });
}

const shop = (question: string) => ask(makeShop(), question);

describe('the rules', () => {
  it('say first that they are rules', async () => {
    const run = await shop('Where is the manager factory defined?');
    expect(run.thought).toMatch(/^No model is configured, so a rule-based planner answers\.\n/);
    expect(run.events[0]).toEqual({ type: 'agent_started' });
  });

  it('find a definition from plain words, and show it', async () => {
    const run = await shop('Where is the manager factory defined?');
    expect(run.calls).toEqual(['find_symbols', 'read_file']);
    expect(run.answer).toContain('`getShopManager` (function) is defined in `packages/core/src/get-shop-manager.ts:6`');
    expect(run.answer).toContain(
      '```ts\n/**\n * The canonical way to get the manager of a shop.\n */\nexport function',
    );
    expect(run.answer).toContain('\n}\n```\n');
    expect(run.answer).not.toContain('other = 1');
  });

  it.each([
    ['where is ShopManager?', '`ShopManager` (class) is defined in `packages/core/src/shop-manager.ts:2`'],
    [
      'Which file defines the shop manager class',
      '`ShopManager` (class) is defined in `packages/core/src/shop-manager.ts:2`',
    ],
    ['definition of `sell`, please', '`sell` (method) is defined in `packages/core/src/shop-manager.ts:3`'],
    ['Where is tea.md?', 'It is at `docs/tea.md`.'],
    ['where is the README?', 'It is at `README.md`.'],
    ['Where is the spaceship defined?', 'None of the 4 definitions in this folder clearly fits "spaceship".'],
    ['How many lines of tests are there?', 'There are **5 lines** of tests, in 1 file; 1 of them is blank.'],
    ['How many lines of tests are there?', 'Test folders hold another 7 lines in 1 other file (helpers, fixtures).'],
    [
      'how many lines of tests are in packages/types',
      'There are no text files of tests in `packages/types` here, so no lines.',
    ],
    [
      'count the lines of TypeScript in packages/core without tests',
      'There are **21 lines** of TypeScript in `packages/core`, tests left out',
    ],
    ['how many lines of markdown', 'There are **11 lines** of Markdown, in 2 files'],
    ['How many lines are in the types package?', 'There are **11 lines** in `packages/types`'],
    [
      'how long is shop-manager.ts',
      'There are **4 lines** in `packages/core/src/shop-manager.ts`, 0 blank ones among them.',
    ],
    ['How many TypeScript files are there?', 'There are **5 files** of TypeScript.'],
    ['how many files in docs?', 'There is **1 file** in `docs`.'],
    ['How many files are there?', 'There are **8 files**.'],
    ['How many tests are there?', 'There are **2 tests**, in 1 file.'],
    ['how many classes are in packages/core?', 'There are **1 class** in `packages/core`, 1 exported.'],
    ['Who uses the manager factory?', '`getShopManager` stands in 1 line of 1 file.'],
    ['where is ShopManager used?', '`ShopManager` stands in 3 lines of 1 file.'],
    ['search for "tea"', '"tea" stands in 3 lines of 2 files (8 files searched).'],
    ['which files mention Green tea', '- `docs/tea.md:1` `Green tea.`'],
    ['search for coffee', '"coffee" stands in none of the 8 text files of this folder.'],
    [
      'Which are the largest files?',
      'The longest of 8 text files, by lines:\n\n- `packages/types/src/index.ts`: 11 lines\n- `packages/core/src/get-shop-manager.ts`: 10 lines\n',
    ],
    [
      'What does packages/core/src/shop-manager.ts export?',
      '- `ShopManager` (class) in `packages/core/src/shop-manager.ts:2`: Keeps a shop.',
    ],
    [
      'list the files in packages/core/src',
      '- `packages/core/src/get-shop-manager.ts`\n- `packages/core/src/shop-manager.ts`\n',
    ],
    ['Show me docs/tea.md', '`docs/tea.md`, lines 1 to 2 of 2:\n\n```md\nGreen tea.\nBlack tea.\n```\n'],
    ['show line 2 of tea.md', '`docs/tea.md`, lines 2 to 2 of 2:\n\n```md\nBlack tea.\n```\n'],
    ['What is this repository?', '> A shop that sells tea.\n>\n> It opens at nine.'],
    [
      'What does the ShopManager do?',
      '`ShopManager` is a class in `packages/core/src/shop-manager.ts:2`. Its comment says: Keeps a shop.',
    ],
    ['what is black tea?', '- `docs/tea.md:2` `Black tea.`'],
    ['how do I start the server?', '`package.json` has these scripts:\n\n- `start`: `node shop.mjs`\n'],
    ['How do I start it?', '- `README.md:6` `npm start`'],
    ['Which packages are there?', 'There are **1 package**, by their manifests:\n\n- `package.json`\n'],
    ['Where is ShopKeeper?', 'None of the 4 definitions in this folder clearly fits "ShopKeeper".'],
    ['help', '- counting tests: *How many tests are there?*'],
  ])('%s', async (question, answer) => {
    const run = await shop(question);
    expect(run.end).toMatchObject({ status: 'completed', response: run.answer });
    expect(run.answer).toContain(answer);
  });

  it('say what they left out', async () => {
    expect((await shop('How many lines are there?')).answer).toContain(
      'Left out: 1 entry that may hold keys; folders of other programs or data (`node_modules`).',
    );
  });

  it.each(['Write me a poem about rivers', 'asdf qwer', '???', 'Schreib mir bitte ein Gedicht'])(
    'admit what they cannot answer: %s',
    async (question) => {
      const run = await shop(question);
      expect(run.answer).toContain('I cannot answer that: I am a set of rules, not a language model.');
      expect(run.answer).toContain('These I can answer:');
      expect(run.end).toMatchObject({ status: 'completed' });
    },
  );

  it('show where the words of such a question stand', async () => {
    expect((await shop('Black tea!')).answer).toContain(
      'Lines with its words (1 in all):\n\n- `docs/tea.md:2` `Black tea.`',
    );
  });

  it('know which file was spoken of', async () => {
    const history = [
      { role: 'user', content: 'Where is tea.md?' },
      { role: 'assistant', content: 'It is at `docs/tea.md`.' },
    ] as const;
    expect((await ask(makeShop(), 'How long is it?', history)).answer).toContain(
      'There are **2 lines** in `docs/tea.md`',
    );
  });

  it.each([
    'show me ../../etc/passwd',
    'show me /etc/passwd',
    'show .env',
    'show node_modules/x/index.ts',
    'read `..\\secret`',
  ])('do not show what is not theirs: %s', async (question) => {
    const run = await shop(question);
    expect(run.answer).not.toMatch(/root:|KEY=abc|```/);
    expect(run.end?.status).toBe('completed');
  });
});

describe('the choice of a definition', () => {
  const match = (name: string, score: number) =>
    ({ name, score, kind: 'class', path: 'a.ts', line: 1, doc: '', signature: '' }) as const;

  it('is sure, a guess that is called one, or none', () => {
    expect(pickBest('tea pot', [match('TeaPot', 0.9)])).toMatchObject({ sure: true });
    expect(pickBest('tea pot', [match('Tea', 0.5)])).toMatchObject({ sure: false });
    expect(pickBest('tea pot', [match('Cup', 0.3)])).toBeUndefined();
    expect(pickBest('tea pot', [])).toBeUndefined();
  });

  it('of a name that code would write is that name or none', () => {
    expect(pickBest('teaPot', [match('Pot', 0.9)])).toBeUndefined();
    expect(pickBest('TEA_POT', [match('tea_pot', 1.9)])).toMatchObject({ sure: true });
  });

  it('names others only if they come near', () => {
    expect(
      pickBest('tea', [match('Tea', 1), match('Tea', 0.9), match('TeaPot', 0.8), match('Cup', 0.5)]),
    ).toMatchObject({
      same: [{ name: 'Tea' }],
      others: [{ name: 'TeaPot' }],
    });
  });
});
