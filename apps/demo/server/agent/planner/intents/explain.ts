import { contentWords } from '../../symbols/index.ts';
import { findSymbols } from '../../tools/index.ts';
import { readExcerpt } from '../excerpt.ts';
import { bullets, codeBlock } from '../markdown.ts';
import { capture } from '../question.ts';
import type { Intent, PlannerSession } from '../session.ts';
import { definitionLine, pickBest } from '../symbol-choice.ts';
import { foundLines, searchWords } from '../word-search.ts';

const PATTERNS = [
  /^what (?:does|do)\s+(?<subject>.+?)\s+(?:do|mean|return)$/,
  /\bhow (?:does|do)\s+(?<subject>.+?)\s+work$/,
  /^what(?:'s| is| are)\s+(?<subject>.+)$/,
  /^(?:please\s+)?(?:explain|describe|tell me about)\s+(?<subject>.+)$/,
];

export const explain: Intent = {
  name: 'what something in the code is',
  example: 'What does parseClientFrame do?',
  recognise(question) {
    const subject = capture(question, PATTERNS);
    return subject === undefined || contentWords(subject).length === 0
      ? undefined
      : (session) => explainSubject(session, subject);
  },
};

async function explainSubject(session: PlannerSession, subject: string): Promise<void> {
  await session.think(
    `The question asks about "${subject}". I look whether the code defines it, and what its comment says.`,
  );
  const { matches } = await session.call(findSymbols, { query: subject.slice(0, 200), limit: 5 });
  const choice = pickBest(subject, matches);
  if (choice !== undefined) {
    const { best, others } = choice;
    await session.think(`\`${best.name}\` in \`${best.path}\` fits best. I read it there.`);
    const excerpt = await readExcerpt(session, best.path, best.line);
    const doc = best.doc === '' ? 'It has no comment.' : `Its comment says: ${best.doc}`;
    await session.say(`\`${best.name}\` is a ${best.kind} in \`${best.path}:${best.line}\`. ${doc}\n\n`);
    await session.say(codeBlock(best.path, excerpt.text));
    if (others.length > 0) await session.say(`\nSee also:\n\n${bullets(others.map(definitionLine))}`);
    return;
  }
  await session.think('No definition fits clearly. I look into the documentation, then into all files.');
  const words = contentWords(subject);
  const docs = await searchWords(session, subject, words, '*.{md,mdx,txt,rst}');
  const found = docs.matching_lines > 0 ? docs : await searchWords(session, subject, words);
  if (found.matching_lines === 0)
    return session.say(
      `Nothing in this folder is called "${subject}" or mentions it. By rules I can only say what stands in the files here.\n`,
    );
  await session.say(`The code defines nothing that is clearly "${subject}"; these lines mention it:\n\n`);
  await session.say(foundLines(found));
}
