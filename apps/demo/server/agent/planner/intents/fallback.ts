import { contentWords } from '../../symbols/index.ts';
import { findSymbols } from '../../tools/index.ts';
import { bullets } from '../markdown.ts';
import type { Intent, Plan, PlannerSession } from '../session.ts';
import { definitionLine } from '../symbol-choice.ts';
import { foundLines, searchWords } from '../word-search.ts';
import { examples } from './help.ts';

const MAX_WORDS = 4;
const LIKELY = 0.3;

/** For questions that no rule fits: says so, and shows where their words stand. */
export function createFallback(intents: readonly Intent[]): Plan {
  return async (session) => {
    const { question } = session;
    const words = [...new Set([...question.quoted, ...contentWords(question.text)])].slice(0, MAX_WORDS);
    await session.think('No rule of mine fits this question. I look for its words, which may still help.');
    await session.say('I cannot answer that: I am a set of rules, not a language model.');
    const helped = words.length > 0 && (await showTraces(session, words));
    if (!helped) await session.say(' The words of the question stand nowhere in this folder together.');
    await session.say(`\n\nThese I can answer:\n\n${examples(intents)}`);
  };
}

async function showTraces(session: PlannerSession, words: readonly string[]): Promise<boolean> {
  const symbols = await session.call(findSymbols, { query: words.join(' ').slice(0, 200), limit: 3 });
  const likely = symbols.matches.filter(({ score }) => score >= LIKELY);
  const together = await searchWords(session, words.join(' '), words);
  if (likely.length > 0) await session.say(`\n\nWhat its words may mean:\n\n${bullets(likely.map(definitionLine))}`);
  if (together.matching_lines > 0)
    await session.say(`\n\nLines with its words (${together.matching_lines} in all):\n\n${foundLines(together)}`);
  return likely.length > 0 || together.matching_lines > 0;
}
