import { searchText } from '../../tools/index.ts';
import { bullets, count, inlineCode, leftOut } from '../markdown.ts';
import { capture, type Question } from '../question.ts';
import type { Intent, PlannerSession } from '../session.ts';

const PATTERNS = [
  /\b(?:search|grep|look)(?:\s+(?:in\s+)?(?:the |this |all )?(?:code\w*|repo\w*|files?|folder|workspace|project))?(?:\s+for)?\s+(?<subject>.+)$/,
  /\b(?:which|what) (?:files?|lines?) (?:contains?|mentions?|have|has|includes?|says?)\s+(?<subject>.+)$/,
  /\bhow (?:many times|often) (?:does|do|is|are)\s+(?<subject>.+?)\s+(?:appear|occur|come up|mentioned|used|written)\b/,
  /\b(?:occurrences?|mentions?) of\s+(?<subject>.+)$/,
  /\bwhere (?:does|do)\s+(?<subject>.+?)\s+(?:appear|occur)\b/,
  /\b(?:are|is) there (?:any )?(?<subject>(?:TODO|FIXME)s?)\b/,
];
const MAX_LINES = 20;

export const search: Intent = {
  name: 'searching text',
  example: 'Search for "heartbeat"',
  recognise(question) {
    const query = readQuery(question);
    return query === undefined ? undefined : (session) => searchFor(session, query);
  },
};

function readQuery(question: Question): string | undefined {
  const subject = capture(question, PATTERNS);
  const quoted = question.quoted[0];
  if (quoted !== undefined && (subject !== undefined || /^(?:find|locate|any)\b/.test(question.plain)))
    return quoted.slice(0, 200);
  return subject
    ?.replace(/^(?:word|text|string|term|phrase)\s+/i, '')
    .replace(/^(TODO|FIXME)s$/i, '$1')
    .slice(0, 200);
}

async function searchFor(session: PlannerSession, query: string): Promise<void> {
  await session.think(`The question asks for a text. I search all text files for "${query}", capital or small.`);
  const found = await session.call(searchText, { query, limit: MAX_LINES });
  if (found.matching_lines === 0)
    return session.say(
      `"${query}" stands in none of the ${count(found.files_searched, 'text file')} of this folder.\n`,
    );
  await session.say(
    `"${query}" stands in ${count(found.matching_lines, 'line')} of ${count(found.files_matching, 'file')} ` +
      `(${count(found.files_searched, 'file')} searched).\n\n`,
  );
  await session.say(bullets(found.matches.map(({ path, line, text }) => `\`${path}:${line}\` ${inlineCode(text)}`)));
  if (found.matching_lines > found.matches.length)
    await session.say(`- and ${count(found.matching_lines - found.matches.length, 'further line')}\n`);
  await session.say(leftOut(found.skipped));
}
