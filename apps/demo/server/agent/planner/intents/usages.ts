import { contentWords } from '../../symbols/index.ts';
import { findSymbols, searchText } from '../../tools/index.ts';
import { bullets, count, inlineCode } from '../markdown.ts';
import { capture } from '../question.ts';
import type { Intent, PlannerSession } from '../session.ts';
import { pickBest, type SymbolMatch } from '../symbol-choice.ts';

const VERBS = 'used|called|imported|referenced|needed|invoked';
const PATTERNS = [
  /\b(?:who|what|which (?:files?|modules?|packages?|code)) (?:uses?|calls?|imports?|references?|needs?|depends? on)\s+(?<subject>.+)$/,
  new RegExp(`\\bwhere(?:'s| is| are| do we| does it)?\\s+(?<subject>.+?)\\s+(?:being\\s+)?(?:${VERBS})\\b`),
  /\bwhere do (?:we|i|they) (?:use|call|import)\s+(?<subject>.+)$/,
  /\b(?:usages?|uses|callers?|references|imports)\s+(?:of|to)\s+(?<subject>.+)$/,
  /\bis\s+(?<subject>.+?)\s+(?:used|called|imported)\b/,
];
const MAX_FILES = 12;
const MAX_LINES = 8;

export const usages: Intent = {
  name: 'who uses something',
  example: 'Who uses WorkspaceError?',
  recognise(question) {
    const subject = capture(question, PATTERNS);
    return subject === undefined || contentWords(subject).length === 0
      ? undefined
      : (session) => findUsages(session, subject);
  },
};

async function findUsages(session: PlannerSession, subject: string): Promise<void> {
  await session.think(`The question asks who uses "${subject}". First I find out what it is called in the code.`);
  const { matches } = await session.call(findSymbols, { query: subject.slice(0, 200), limit: 5 });
  const best = pickBest(subject, matches)?.best;
  const name = best?.name ?? subject.slice(0, 200);
  const defined =
    best === undefined
      ? 'No definition of that name is here'
      : `It is \`${best.name}\` in \`${best.path}:${best.line}\``;
  await session.think(`${defined}. I search for the name as a whole word.`);
  const found = await session.call(searchText, { query: name, whole_word: true, case_sensitive: true, limit: 200 });
  await report(session, name, best, found);
}

async function report(
  session: PlannerSession,
  name: string,
  best: SymbolMatch | undefined,
  found: Awaited<ReturnType<(typeof searchText)['run']>>,
): Promise<void> {
  const isDefinition = (match: { path: string; line: number }): boolean =>
    match.path === best?.path && match.line === best.line;
  const used = found.matches.filter((match) => !isDefinition(match));
  const definitions = found.matches.length - used.length;
  const lines = found.matching_lines - definitions;
  if (lines === 0) {
    const where = best === undefined ? '' : `, except where it is defined (\`${best.path}:${best.line}\`)`;
    return session.say(
      `${inlineCode(name)} stands in none of the ${count(found.files_searched, 'text file')}${where}.\n`,
    );
  }
  const own = definitions > 0 ? best?.path : undefined;
  const files = found.by_file
    .map(({ path, lines: amount }) => ({ path, lines: path === own ? amount - definitions : amount }))
    .filter((file) => file.lines > 0);
  const total = found.files_matching - (found.by_file.length - files.length);
  const whole = best === undefined ? '' : ` Its definition in \`${best.path}:${best.line}\` is not counted.`;
  await session.say(
    `${inlineCode(name)} stands in ${count(lines, 'line')} of ${count(total, 'file')}.${whole} ` +
      'This is a search by name: comments and re-exports are among them.\n\n',
  );
  await session.say(bullets(files.slice(0, MAX_FILES).map((file) => `\`${file.path}\`: ${count(file.lines, 'line')}`)));
  if (total > MAX_FILES)
    await session.say(`- and ${count(total - Math.min(MAX_FILES, files.length), 'further file')}\n`);
  await session.say(
    `\nSome of the lines:\n\n${bullets(used.slice(0, MAX_LINES).map(({ path, line, text }) => `\`${path}:${line}\` ${inlineCode(text)}`))}`,
  );
}
