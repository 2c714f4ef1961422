import * as v from 'valibot';
import { defineTool } from './tool.ts';

const MAX_LINES = 400;
const MAX_CHARACTERS = 24_000;

const lineNumber = (description: string) =>
  v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.description(description)));

/** Reads lines of one text file. */
export const readFile = defineTool({
  name: 'read_file',
  description: `Reads a text file of the workspace, whole or from one line to another; at most ${MAX_LINES} lines at a time.`,
  schema: v.strictObject({
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(1_024), v.description('Path relative to the workspace')),
    from_line: lineNumber('First line, counted from 1'),
    to_line: lineNumber('Last line'),
  }),
  async run({ path, from_line: from = 1, to_line: to }, { workspace, signal }) {
    const file = await workspace.read(path, signal);
    const lines = splitLines(file.text);
    const last = Math.min(to ?? lines.length, lines.length, from + MAX_LINES - 1);
    const text = lines.slice(from - 1, last).join('\n');
    return {
      path: file.path,
      total_lines: lines.length,
      from_line: from,
      to_line: Math.max(last, from - 1),
      text: text.slice(0, MAX_CHARACTERS),
      truncated: text.length > MAX_CHARACTERS || last < Math.min(to ?? lines.length, lines.length),
    };
  },
});

/** The end of the last line begins no further one. */
function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
