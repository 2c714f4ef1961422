import { findSymbols } from '../../tools/index.ts';
import { findPath } from '../find-path.ts';
import { bullets, count } from '../markdown.ts';
import type { Intent, PlannerSession } from '../session.ts';

const MAX_SYMBOLS = 60;
const WORDS =
  /\b(?:outline of|what does .+ export|(?:which|what|list|show)\b.*\b(?:functions|classes|interfaces|types|symbols|methods|exports|definitions)\b)/;

export const outline: Intent = {
  name: 'what a file or folder defines',
  example: 'What does packages/types/src/ids.ts export?',
  recognise(question) {
    const name =
      question.paths[0] ?? /\b(?:in|of)\s+(?:the\s+)?(?<name>[\w-]+)$/.exec(question.plain)?.groups?.['name'];
    if (name === undefined) return undefined;
    // Words of the path itself say nothing about what is asked.
    const asked = question.plain.replaceAll(name.toLowerCase(), ' it ');
    if (!WORDS.test(asked) || /\bfiles?\b/.test(asked)) return undefined;
    return (session) => outlineOf(session, name, /\bexport/.test(question.plain));
  },
};

async function outlineOf(session: PlannerSession, name: string, exportedOnly: boolean): Promise<void> {
  await session.think(`The question asks what \`${name}\` defines. I find the file or folder, then its definitions.`);
  const found = await findPath(session, name);
  if (found === undefined) return session.say(`There is no file or folder named \`${name}\` here.\n`);
  const { matches, found: total } = await session.call(findSymbols, { under: found.path, limit: 100 });
  const shown = exportedOnly ? matches.filter(({ exported }) => exported) : matches;
  const incomplete = total > matches.length ? ` (of the first ${matches.length})` : '';
  await session.say(
    `\`${found.path}\` ${exportedOnly ? 'exports' : 'defines'} ${count(exportedOnly ? shown.length : total, 'name')}${exportedOnly ? incomplete : ''}` +
      `${exportedOnly ? ', not counting what it passes on from other files' : ''}.\n\n`,
  );
  await session.say(
    bullets(
      shown
        .slice(0, MAX_SYMBOLS)
        .map(
          ({ name: symbol, kind, path, line, doc }) =>
            `\`${symbol}\` (${kind}) in \`${path}:${line}\`${firstSentence(doc)}`,
        ),
    ),
  );
  if (shown.length > MAX_SYMBOLS) await session.say(`- and ${shown.length - MAX_SYMBOLS} more\n`);
}

function firstSentence(doc: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/.exec(doc)?.[0] ?? doc;
  return sentence === '' ? '' : `: ${sentence}`;
}
