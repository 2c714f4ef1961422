import { WorkspaceError } from './errors.ts';

const MAX_PATTERN_LENGTH = 300;
const MAX_ALTERNATIVES = 256;

export type PathMatcher = (path: string) => boolean;

/**
 * Makes a matcher of a glob: `*` and `?` within a name, `**` over folders, `{a,b}` alternatives. A pattern without `/` is matched
 * against the name of the file, in any folder. Its time is bounded for any pattern, which is why it is not a regular expression.
 */
export function compileGlob(pattern: string): PathMatcher {
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw new WorkspaceError('INVALID_PATTERN', `A file pattern can have ${MAX_PATTERN_LENGTH} characters at most.`);
  const alternatives = expandBraces(pattern.replace(/^\.?\//, '')).map((alternative) =>
    (alternative.includes('/') ? alternative : `**/${alternative}`).split('/').filter((segment) => segment !== ''),
  );
  return (path) => {
    const segments = path.split('/');
    return alternatives.some((alternative) => matchSegments(alternative, segments));
  };
}

/** Writes `{a,b}` out, the outer braces first: `{x.{a,b},y}` gives three patterns. */
function expandBraces(pattern: string): string[] {
  const pending = [pattern];
  const done = new Set<string>();
  for (let candidate = pending.pop(); candidate !== undefined; candidate = pending.pop()) {
    const braces = firstBraces(candidate);
    if (braces === undefined) done.add(candidate);
    else pending.push(...braces.choices.map((choice) => braces.before + choice + braces.after));
    if (done.size + pending.length > MAX_ALTERNATIVES)
      throw new WorkspaceError('INVALID_PATTERN', `A file pattern can have ${MAX_ALTERNATIVES} alternatives at most.`);
  }
  return [...done];
}

/** The first pair of braces that belong together, with what the commas directly in it part. */
function firstBraces(pattern: string): { before: string; choices: string[]; after: string } | undefined {
  const start = pattern.indexOf('{');
  if (start < 0) return undefined;
  const choices: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let index = start; index < pattern.length; index += 1) {
    const char = pattern[index];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth === 0 || (depth === 1 && char === ',')) {
      choices.push(pattern.slice(from, index));
      from = index + 1;
    }
    if (depth === 0) return { before: pattern.slice(0, start), choices, after: pattern.slice(index + 1) };
  }
  throw new WorkspaceError('INVALID_PATTERN', 'A file pattern has a "{" without its "}".');
}

/** Both matchers below remember the last star and go back to no other, which is enough and keeps the time to a product of lengths. */
function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  return matchWithStar(
    pattern.length,
    path.length,
    (index) => pattern[index] === '**',
    (index, position) => matchName(pattern[index] ?? '', path[position] ?? ''),
  );
}

function matchName(pattern: string, name: string): boolean {
  return matchWithStar(
    pattern.length,
    name.length,
    (index) => pattern[index] === '*',
    (index, position) => pattern[index] === '?' || pattern[index] === name[position],
  );
}

function matchWithStar(
  patternLength: number,
  textLength: number,
  isStar: (index: number) => boolean,
  matchesOne: (index: number, position: number) => boolean,
): boolean {
  let index = 0;
  let position = 0;
  let starIndex = -1;
  let starPosition = 0;
  while (position < textLength) {
    if (index < patternLength && isStar(index)) {
      starIndex = index;
      starPosition = position;
      index += 1;
    } else if (index < patternLength && matchesOne(index, position)) {
      index += 1;
      position += 1;
    } else if (starIndex >= 0) {
      starPosition += 1;
      index = starIndex + 1;
      position = starPosition;
    } else return false;
  }
  while (index < patternLength && isStar(index)) index += 1;
  return index === patternLength;
}
