import type { ConversationHistory } from '../conversation-history.ts';

const MAX_LENGTH = 2_000;

/** Answered in one message; what is asked beyond it is named as left out. */
export const MAX_QUESTIONS = 5;

/** A question with the parts that rules look at. */
export interface Question {
  /** As it was asked, on one line. */
  readonly text: string;
  /** In small letters, without closing punctuation and courtesies. */
  readonly plain: string;
  /** What stands in quotes or backticks. */
  readonly quoted: readonly string[];
  /** What looks like a path or a file name. */
  readonly paths: readonly string[];
}

const QUOTED = /"([^"]+)"|“([^”]+)”|`([^`]+)`|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu;
const PATH = /(?<![\w/@.:-])(?:\.\/)?(?:[\w@.-]+\/)+[\w@.-]*|(?<![\w/@.:-])[\w-][\w.-]*\.[a-z]\w{0,5}(?![\w/(])/gi;
const CITED = /`([\w@./-]+\.\w+)(?::\d+(?:-\d+)?)?`/g;
const ABBREVIATION = /^(?:e\.g|i\.e|etc|vs)\.?$/i;

export function parseQuestion(text: string, history: ConversationHistory = []): Question {
  const line = text.slice(0, MAX_LENGTH).replace(/\s+/g, ' ').trim();
  const quoted = [...line.matchAll(QUOTED)].map((match) => match.slice(1).find((group) => group !== undefined) ?? '');
  const paths = [...line.matchAll(PATH)]
    .map(([path]) => path.replace(/[.]+$/, ''))
    .filter((path) => !ABBREVIATION.test(path));
  const plain = line
    .toLowerCase()
    .replace(/[\s?!.,;:]+$/, '')
    .replace(/^(?:hi|hello|hey)\b[\s,!.]*(?=\w)/, '')
    .replace(/^(?:please|can you|could you|would you|tell me|i want to know|do you know)\b[\s,]*/g, '')
    .replace(/[\s,]*\bplease$/, '');
  return { text: line, plain, quoted, paths: paths.length > 0 ? paths : meantFiles(plain, history) };
}

/** "How long is it?": the file that the last answer named. */
function meantFiles(plain: string, history: ConversationHistory): string[] {
  if (!/\b(?:it|that file|this file|the file|that one)\b/.test(plain)) return [];
  const answer = history.findLast(({ role }) => role === 'assistant');
  const cited = answer === undefined ? undefined : [...answer.content.matchAll(CITED)][0]?.[1];
  return cited === undefined ? [] : [cited];
}

/** The first group of the first pattern that fits, in the spelling of the question. */
export function capture(question: Question, patterns: readonly RegExp[]): string | undefined {
  const text = question.text.replace(/[\s?!.,;:]+$/, '').replace(/[\s,]*\bplease$/i, '');
  for (const pattern of patterns) {
    const found = new RegExp(pattern, 'i').exec(text)?.groups?.['subject'];
    if (found !== undefined && found.trim() !== '') return unquote(found.trim());
  }
  return undefined;
}

/** Takes articles and quotes off a phrase. */
function unquote(phrase: string): string {
  const bare = phrase.replace(/^(?:the|a|an|our|your|my|this|that)\s+/i, '').trim();
  return /^(["'`“]).*["'`”]$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** The questions of a message, in order: each ends with a question mark, and the last one may do without. */
export function splitQuestions(message: string): readonly string[] {
  const questions: string[] = [];
  let open = '';
  for (const part of message.split(/(?<=\?)(\s+)(?=[\p{L}"'`“])/u)) {
    open += part;
    // A question mark inside quotes ends nothing.
    if (!part.endsWith('?') || !isBalanced(open)) continue;
    questions.push(open.trim());
    open = '';
  }
  const last = open.trim();
  // A word of thanks is no question.
  if (last.split(/\s+/).length > 2 || questions.length === 0) questions.push(last);
  return questions;
}

function isBalanced(text: string): boolean {
  return ['"', '`'].every((quote) => text.split(quote).length % 2 === 1);
}
