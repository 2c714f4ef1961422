import { countSymbols, listFiles, searchText } from '../../tools/index.ts';
import { TEST_GLOB } from '../file-kinds.ts';
import { bullets, count, leftOut } from '../markdown.ts';
import { readScope } from '../scope.ts';
import type { Intent, PlannerSession } from '../session.ts';

const MAX_FOLDERS = 15;

export const filesCounted: Intent = {
  name: 'counting files',
  example: 'How many TypeScript files are in packages?',
  recognise: (question) =>
    /\bhow many\b.*\bfiles?\b|\b(?:number|count) of\b.*\bfiles\b|\bcount\b.*\bfiles\b/.test(question.plain)
      ? countFiles
      : undefined,
};

export const testsCounted: Intent = {
  name: 'counting tests',
  example: 'How many tests are there?',
  recognise: (question) =>
    /\bhow many (?:[\w-]+ )?(?:tests|test cases|specs)\b(?! files)/.test(question.plain) ? countTests : undefined,
};

const SYMBOL_WORDS =
  /\bhow many (?:[\w-]+ )?(?<kind>functions?|classes|class|interfaces?|types?|constants?|enums?|methods?|symbols?|definitions?|exports?)\b/;
const KINDS: Readonly<Record<string, string>> = {
  function: 'function',
  class: 'class',
  interface: 'interface',
  type: 'type',
  constant: 'const',
  enum: 'enum',
  method: 'method',
};

export const symbolsCounted: Intent = {
  name: 'counting definitions',
  example: 'How many classes are in packages/core?',
  recognise(question) {
    const word = SYMBOL_WORDS.exec(question.plain)?.groups?.['kind'];
    return word === undefined ? undefined : (session) => countDefinitions(session, word);
  },
};

async function countFiles(session: PlannerSession): Promise<void> {
  await session.think('The question asks for a number of files. I find out which are meant, and list them.');
  const scope = await readScope(session);
  const listed = await session.call(listFiles, { ...scope.selection, limit: 1 });
  await session.say(`There ${listed.total === 1 ? 'is' : 'are'} **${count(listed.total, 'file')}**${scope.label}.\n`);
  if (listed.folders.length > 1)
    await session.say(
      `\n${bullets(listed.folders.slice(0, MAX_FOLDERS).map(({ path, files }) => `\`${path}\`: ${count(files, 'file')}`))}`,
    );
  await session.say(leftOut(listed.skipped));
}

async function countTests(session: PlannerSession): Promise<void> {
  await session.think('The question asks for a number of tests. I count where test files define one.');
  const { selection } = await readScope(session);
  const found = await session.call(searchText, {
    ...(selection.under === undefined ? {} : { under: selection.under }),
    query: String.raw`^\s*(?:(?:test|it)(?:\.(?!skip|todo)\w+)*\s*[(<]|(?:async )?def test_|func Test|@Test\b)`,
    regex: true,
    case_sensitive: true,
    glob: TEST_GLOB,
    limit: 1,
  });
  const place = selection.under === undefined ? '' : ` in \`${selection.under}\``;
  await session.say(
    `There are **${count(found.matching_lines, 'test')}**${place}, in ${count(found.files_matching, 'file')}. ` +
      'These are the places where a test is written: one that runs over a table of cases counts once.\n',
  );
  if (found.by_file.length > 0)
    await session.say(
      `\nMost are in:\n\n${bullets(found.by_file.slice(0, 5).map(({ path, lines }) => `\`${path}\`: ${count(lines, 'test')}`))}`,
    );
}

async function countDefinitions(session: PlannerSession, word: string): Promise<void> {
  const kind = KINDS[singular(word)];
  await session.think('The question asks for a number of definitions. I find out where, and count them by kind.');
  const { selection } = await readScope(session);
  const { under, exclude } = selection;
  const counted = await session.call(countSymbols, {
    ...(under === undefined ? {} : { under }),
    ...(exclude === undefined ? {} : { exclude }),
  });
  const place = under === undefined ? '' : ` in \`${under}\``;
  const asked = counted.by_kind.find((entry) => entry.kind === kind);
  await session.say(
    kind === undefined
      ? `There are **${count(counted.total, 'definition')}**${place}, in ${count(counted.files, 'source file')}.\n\n`
      : `There are **${count(asked?.total ?? 0, singular(word), plural(word))}**${place}, ${asked?.exported ?? 0} exported.\n\n`,
  );
  await session.say(
    bullets(counted.by_kind.map(({ kind: name, total, exported }) => `${name}: ${total}, ${exported} exported`)),
  );
  await session.say(
    '\nCounted are definitions at the top level of files, functions inside of others, and methods of classes.\n',
  );
}

function singular(word: string): string {
  return word === 'classes' ? 'class' : word.replace(/([^s])s$/, '$1');
}

function plural(word: string): string {
  return singular(word) === 'class' ? 'classes' : `${singular(word)}s`;
}
