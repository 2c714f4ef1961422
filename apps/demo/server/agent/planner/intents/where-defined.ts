import { findSymbols, listFiles } from '../../tools/index.ts';
import { contentWords } from '../../symbols/index.ts';
import { readExcerpt } from '../excerpt.ts';
import { findPath } from '../find-path.ts';
import { bullets, codeBlock, inlineCode } from '../markdown.ts';
import { capture } from '../question.ts';
import type { Intent, PlannerSession } from '../session.ts';
import { definitionLine, pickBest, type SymbolMatch } from '../symbol-choice.ts';
import { foundLines, searchWords } from '../word-search.ts';

const VERB =
  'defined|declared|implemented|created|made|written|located|found|kept|stored|set|configured|done|handled|checked|enforced|validated|limited|computed|parsed';
const PATTERNS = [
  new RegExp(
    `\\bwhere(?:'s| is| are| was| were| does| do| can i find| do i find| to find)?\\s+(?<subject>.+?)(?:\\s+(?:being\\s+)?(?:${VERB}|come from|comes from|live|lives))?(?:\\s+in (?:this|the) (?:repo\\w*|project|code\\w*|workspace|folder))?$`,
  ),
  /\b(?:definition|declaration|implementation|source)s? of\s+(?<subject>.+)$/,
  /\b(?:which|what) (?:file|module|package|line)s? (?:defines?|declares?|implements?|exports?|creates?)\s+(?<subject>.+)$/,
  /\b(?:who|what) (?:defines|declares|implements|creates|exports)\s+(?<subject>.+)$/,
  /^(?:find|locate|show|show me)\s+(?<subject>(?:the )?(?:function|class|interface|type|method|constant|enum)\s+.+|.+\s(?:function|class|interface|method|constant|enum))$/,
];

/** Who asks where something is done means what does it. */
const WHERE_DONE = [/\bwhere (?:do|does) (?:we|you|i|it|they|the \w+|this \w+)\s+(?<subject>.+)$/];

export const whereDefined: Intent = {
  name: 'where something is defined',
  example: 'Where is the manager factory defined?',
  recognise(question) {
    const done = capture(question, WHERE_DONE);
    const subject = done === undefined ? capture(question, PATTERNS) : `${done} function`;
    if (subject === undefined || contentWords(subject).length === 0) return undefined;
    return /^[\w./@-]+\.\w{1,5}$|^readme$/i.test(subject)
      ? (session) => locateFile(session, subject)
      : (session) => locateDefinition(session, subject);
  },
};

async function locateFile(session: PlannerSession, subject: string): Promise<void> {
  await session.think(`${inlineCode(subject)} looks like a file, so I look for one of that name.`);
  const name = /^readme$/i.test(subject) ? 'README.md' : subject;
  const found = await findPath(session, name);
  if (found === undefined) return session.say(`There is no file named ${inlineCode(name)} in this folder.\n`);
  await session.say(`It is at \`${found.path}\`.\n`);
  if (found.others.length > 0)
    await session.say(`\nOthers of that name:\n\n${bullets(found.others.map((path) => `\`${path}\``))}`);
}

async function locateDefinition(session: PlannerSession, subject: string): Promise<void> {
  await session.think(
    `The question asks for a definition. I compare "${subject}" with the names, comments and paths of all definitions.`,
  );
  const { matches, symbols_searched } = await session.call(findSymbols, { query: subject.slice(0, 200), limit: 8 });
  const choice = pickBest(subject, matches);
  if (choice === undefined) return nothingClear(session, subject, symbols_searched, matches);

  const { best, sure, others, same } = choice;
  await session.think(
    `Of ${symbols_searched} definitions, \`${best.name}\` in \`${best.path}\` fits best. I read it there.`,
  );
  const excerpt = await readExcerpt(session, best.path, best.line);
  const place = `defined in \`${best.path}:${best.line}\``;
  await session.say(
    sure
      ? `\`${best.name}\` (${best.kind}) is ${place}.\n\n`
      : `Nothing fits "${subject}" in all its words. The best fit is \`${best.name}\` (${best.kind}), ${place}.\n\n`,
  );
  await session.say(codeBlock(best.path, excerpt.text));
  if (same.length > 0) await session.say(`\nThe same name is also defined in:\n\n${bullets(same.map(definitionLine))}`);
  if (others.length > 0) await session.say(`\nLess likely meant:\n\n${bullets(others.map(definitionLine))}`);
}

async function nothingClear(
  session: PlannerSession,
  subject: string,
  searched: number,
  weak: readonly SymbolMatch[],
): Promise<void> {
  const words = contentWords(subject);
  await session.think('No definition fits clearly. I look for the words, and for files of that name.');
  const found = await searchWords(session, subject, words);
  const files = await session.call(listFiles, { glob: `{*${fileName(words)}*,**/${fileName(words)}/**}`, limit: 5 });
  await session.say(`None of the ${searched} definitions in this folder clearly fits "${subject}".\n`);
  if (weak.length > 0) await session.say(`\nThe closest:\n\n${bullets(weak.slice(0, 3).map(definitionLine))}`);
  if (files.total > 0)
    await session.say(`\nFiles of that name:\n\n${bullets(files.files.map(({ path }) => `\`${path}\``))}`);
  if (found.matching_lines > 0)
    await session.say(`\nLines with these words (${found.matching_lines} in all):\n\n${foundLines(found)}`);
}

function fileName(words: readonly string[]): string {
  return (
    words
      .join('-')
      .replace(/[^\p{L}\p{N}-]/gu, '')
      .slice(0, 60) || '-'
  );
}
