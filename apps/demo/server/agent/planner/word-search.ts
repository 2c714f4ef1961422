import { searchText } from '../tools/index.ts';
import { bullets, inlineCode } from './markdown.ts';
import type { PlannerSession } from './session.ts';

const MAX_QUERY = 200;
const LINES = 6;

type Found = Awaited<ReturnType<(typeof searchText)['run']>>;

/** Lines with a phrase or, where there are none, with all of its words in any order. */
export async function searchWords(
  session: PlannerSession,
  phrase: string,
  words: readonly string[],
  glob?: string,
): Promise<Found> {
  const scope = { ...(glob === undefined ? {} : { glob }), limit: LINES };
  const exact = await session.call(searchText, { query: phrase.slice(0, MAX_QUERY), ...scope });
  if (exact.matching_lines > 0 || words.length < 2) return exact;
  return session.call(searchText, { query: words.join(' ').slice(0, MAX_QUERY), all_words: true, ...scope });
}

/** The lines of a search as a list. */
export function foundLines({ matches }: Found): string {
  return bullets(matches.map(({ path, line, text }) => `\`${path}:${line}\` ${inlineCode(text)}`));
}
