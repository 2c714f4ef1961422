import { contentWords } from '../../symbols/index.ts';
import { findSymbols, searchText } from '../../tools/index.ts';
import { bullets, count, inlineCode } from '../markdown.ts';
import type { Intent, Plan, PlannerSession } from '../session.ts';
import { definitionLine } from '../symbol-choice.ts';
import { examples } from './help.ts';

const MAX_WORDS = 4;
const LIKELY = 0.3;

/** For questions that no rule fits: says so, and shows where their words stand. */
export function createFallback(intents: readonly Intent[]): Plan {
  return async (session) => {
    const { question } = session;
    const words = [...new Set([...question.quoted, ...contentWords(question.text)])].slice(0, MAX_WORDS);
    await session.think('No rule of mine fits this question. I look for its words, which may still help.');
    await session.say('I cannot answer that: I am a set of rules, not a language model. ');
    const helped = words.length > 0 && (await showTraces(session, words));
    if (!helped) await session.say('The words of the question stand nowhere in this folder. ');
    await session.say(`\n\nThese I can answer:\n\n${examples(intents)}`);
  };
}

async function showTraces(session: PlannerSession, words: readonly string[]): Promise<boolean> {
  const symbols = await session.call(findSymbols, { query: words.join(' ').slice(0, 200), limit: 3 });
  const likely = symbols.matches.filter(({ score }) => score >= LIKELY);
  const lines: string[] = likely.map((match) => `perhaps ${definitionLine(match)}`);
  for (const word of words) {
    const found = await session.call(searchText, { query: word.slice(0, 200), whole_word: true, limit: 1 });
    const first = found.matches[0];
    if (first === undefined) continue;
    lines.push(
      `"${word}" stands in ${count(found.matching_lines, 'line')}, first \`${first.path}:${first.line}\` ${inlineCode(first.text)}`,
    );
  }
  if (lines.length > 0) await session.say(`What I found for its words:\n\n${bullets(lines)}`);
  return lines.length > 0;
}
