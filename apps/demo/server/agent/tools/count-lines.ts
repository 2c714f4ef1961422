import * as v from 'valibot';
import { SkipLog } from '../workspace/index.ts';
import { limitEntry, selectionEntries } from './selection-schema.ts';
import { defineTool } from './tool.ts';

/** Counts lines by kind of file. */
export const countLines = defineTool({
  name: 'count_lines',
  description:
    'Counts the lines of text files: in total, by extension, and of the longest files. Binary files are left out.',
  schema: v.strictObject({ ...selectionEntries, limit: limitEntry(10, 50) }),
  async run({ limit, ...selection }, { workspace, signal }) {
    const skipped = new SkipLog();
    const byExtension = new Map<string, { files: number; lines: number }>();
    const all: { path: string; lines: number }[] = [];
    let lines = 0;
    let blank = 0;
    for await (const file of workspace.texts(selection, signal, skipped)) {
      const counted = countIn(file.text);
      lines += counted.lines;
      blank += counted.blank;
      all.push({ path: file.path, lines: counted.lines });
      const extension = extensionOf(file.path);
      const entry = byExtension.get(extension) ?? { files: 0, lines: 0 };
      byExtension.set(extension, { files: entry.files + 1, lines: entry.lines + counted.lines });
    }
    return {
      files: all.length,
      lines,
      blank_lines: blank,
      by_extension: [...byExtension]
        .map(([extension, counts]) => ({ extension, ...counts }))
        .sort((a, b) => b.lines - a.lines)
        .slice(0, 40),
      longest: all.sort((a, b) => b.lines - a.lines).slice(0, limit),
      truncated: skipped.incomplete,
      skipped: skipped.report(),
    };
  },
});

function countIn(text: string): { lines: number; blank: number } {
  const lines = text.split('\n');
  // A last line without an end counts; the nothing after the end of the last line does not.
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.length, blank: lines.filter((line) => line.trim() === '').length };
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '(none)';
}
