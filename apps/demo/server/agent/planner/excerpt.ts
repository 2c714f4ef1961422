import { readFile } from '../tools/index.ts';
import type { PlannerSession } from './session.ts';

const LINES_ABOVE = 14;
const LINES_BELOW = 24;
const MAX_LINES = 18;
const COMMENT = /^\s*(?:\/\*|\*|\/\/|#|@)/;

/** A few lines of a file around a definition. */
export interface Excerpt {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Reads a definition with the comment above it, up to where its first part ends. */
export async function readExcerpt(session: PlannerSession, path: string, line: number): Promise<Excerpt> {
  const first = Math.max(1, line - LINES_ABOVE);
  const read = await session.call(readFile, { path, from_line: first, to_line: line + LINES_BELOW });
  const lines = read.text.split('\n');
  const at = line - first;
  let from = at;
  while (from > 0 && COMMENT.test(lines[from - 1] ?? '')) from -= 1;
  let to = at;
  while (to + 1 < lines.length && to - from + 1 < MAX_LINES && !endsHere(lines, to)) to += 1;
  return { text: lines.slice(from, to + 1).join('\n'), from: first + from, to: first + to };
}

function endsHere(lines: readonly string[], at: number): boolean {
  const text = lines[at] ?? '';
  const next = lines[at + 1] ?? '';
  return (
    /^[}\])]/.test(text) ||
    (/;\s*$/.test(text) && /^\S/.test(text)) ||
    (next.trim() === '' && /^\S/.test(lines[at + 2] ?? ''))
  );
}
