import { createContext, Script, type Context } from 'node:vm';
import { ToolInputError } from './tool.ts';

/** Longer lines are looked at up to here. */
const MAX_LINE_LENGTH = 2_000;
/** A regular expression may take this long for one file: it holds the process up meanwhile. */
const MAX_MILLISECONDS_PER_FILE = 50;
const MAX_ATTEMPTS = 5;
/** And this long for all files together. */
const MAX_MILLISECONDS = 2_000;

/** Gives the numbers (from 0) of the lines that match. */
export type LineMatcher = (lines: readonly string[]) => number[];

export interface MatchOptions {
  readonly query: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly wholeWord: boolean;
  /** Each word of the query has to be in the line, in any order. */
  readonly allWords: boolean;
}

/** Makes the matcher of a search. Throws a {@link ToolInputError} for a regular expression that is none. */
export function createLineMatcher(options: MatchOptions): LineMatcher {
  const { query, regex, caseSensitive, wholeWord, allWords } = options;
  const flags = caseSensitive ? '' : 'i';
  if (regex) return foreignPattern(wholeWord ? asWord(query) : query, flags);
  if (allWords) {
    const words = query.split(/\s+/).filter((word) => word !== '');
    const matchers = words.map((word) => createLineMatcher({ ...options, query: word, allWords: false }));
    return (lines) => inAll(matchers.map((match) => match(lines)));
  }
  const literal = query.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return ownPattern(new RegExp(wholeWord ? asWord(literal) : literal, flags));
}

/** Numbers that are in every list. */
function inAll([first = [], ...rest]: readonly number[][]): number[] {
  const others = rest.map((numbers) => new Set(numbers));
  return first.filter((number) => others.every((other) => other.has(number)));
}

function asWord(source: string): string {
  return `(?<![\\w$])(?:${source})(?![\\w$])`;
}

/** A literal text as a pattern goes through a line once. */
function ownPattern(pattern: RegExp): LineMatcher {
  return (lines) => lines.flatMap((line, number) => (pattern.test(line.slice(0, MAX_LINE_LENGTH)) ? [number] : []));
}

const SCRIPT = new Script(`{
  const pattern = new RegExp(source, flags);
  const found = [];
  for (let number = 0; number < lines.length; number += 1) if (pattern.test(lines[number])) found.push(number);
  found.join();
}`);

/** Runs in a script of its own because that is the one way to stop a pattern that would take for ever. */
function foreignPattern(source: string, flags: string): LineMatcher {
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new ToolInputError(error instanceof Error ? error.message : 'That is not a regular expression.');
  }
  const context: Context = createContext({ source, flags, lines: [] });
  let left = MAX_MILLISECONDS;
  return (lines) => {
    if (left <= 0) throw tooSlow();
    const started = performance.now();
    context['lines'] = lines.map((line) => line.slice(0, MAX_LINE_LENGTH));
    const found = runBounded(context);
    left -= performance.now() - started;
    return found === '' ? [] : found.split(',').map(Number);
  };
}

/** The limit is one of elapsed time: where the process was kept from working meanwhile, it gets a further chance. */
function runBounded(context: Context): string {
  for (let attempt = 1; ; attempt += 1) {
    const before = process.cpuUsage();
    try {
      return String(SCRIPT.runInContext(context, { timeout: MAX_MILLISECONDS_PER_FILE }));
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.cpuUsage(before);
      const worked = (user + system) / 1_000 > MAX_MILLISECONDS_PER_FILE / 2;
      if (worked || attempt === MAX_ATTEMPTS) throw tooSlow();
    }
  }
}

/** The error was made in the other context, so it is no instance of the classes of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function tooSlow(): ToolInputError {
  return new ToolInputError('That pattern takes too long. Use a simpler one, or plain text.');
}
