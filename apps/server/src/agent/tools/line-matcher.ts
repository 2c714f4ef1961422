import { createContext, Script, type Context } from 'node:vm';
import { ToolInputError } from './tool.ts';

/** Longer lines are looked at up to here. */
const MAX_LINE_LENGTH = 2_000;
/** A regular expression may take this long for one file: it holds the process up meanwhile. */
const MAX_MILLISECONDS_PER_FILE = 50;
/** And this long for all files together. */
const MAX_MILLISECONDS = 2_000;

/** Gives the numbers (from 0) of the lines that match. */
export type LineMatcher = (lines: readonly string[]) => number[];

export interface MatchOptions {
  readonly query: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly wholeWord: boolean;
}

/** Makes the matcher of a search. Throws a {@link ToolInputError} for a regular expression that is none. */
export function createLineMatcher(options: MatchOptions): LineMatcher {
  const { query, regex, caseSensitive, wholeWord } = options;
  const flags = caseSensitive ? '' : 'i';
  if (regex) return foreignPattern(wholeWord ? asWord(query) : query, flags);
  const literal = query.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return ownPattern(new RegExp(wholeWord ? asWord(literal) : literal, flags));
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

function runBounded(context: Context): string {
  try {
    return String(SCRIPT.runInContext(context, { timeout: MAX_MILLISECONDS_PER_FILE }));
  } catch (error) {
    // The error was made in the other context, so it is no instance of the classes of this one.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? tooSlow() : error;
  }
}

function tooSlow(): ToolInputError {
  return new ToolInputError('That pattern takes too long. Use a simpler one, or plain text.');
}
