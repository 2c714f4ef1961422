import * as v from 'valibot';
import { SkipLog } from '../workspace/index.ts';
import { createLineMatcher } from './line-matcher.ts';
import { limitEntry, selectionEntries } from './selection-schema.ts';
import { defineTool } from './tool.ts';

const MAX_TEXT_LENGTH = 200;
const MAX_FILES_LISTED = 40;

const flag = (description: string) => v.exactOptional(v.pipe(v.boolean(), v.description(description)), false);

/** Finds lines that contain a text. */
export const searchText = defineTool({
  name: 'search_text',
  description:
    'Finds the lines that contain a text or match a regular expression, with path, line number and the line.',
  schema: v.strictObject({
    query: v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('Text to find')),
    regex: flag('The query is a JavaScript regular expression'),
    case_sensitive: flag('Capital and small letters differ'),
    whole_word: flag('Only where the text is not part of a longer word'),
    all_words: flag('Every word of the query has to be in the line, in any order; not for regular expressions'),
    ...selectionEntries,
    limit: limitEntry(40, 200),
  }),
  async run({ query, regex, case_sensitive, whole_word, all_words, limit, ...selection }, { workspace, signal }) {
    const match = createLineMatcher({
      query,
      regex,
      caseSensitive: case_sensitive,
      wholeWord: whole_word,
      allWords: all_words,
    });
    const skipped = new SkipLog();
    const matches: { path: string; line: number; text: string }[] = [];
    const files: { path: string; lines: number }[] = [];
    let searched = 0;
    let matching = 0;
    for await (const { path, text } of workspace.texts(selection, signal, skipped)) {
      searched += 1;
      const lines = text.split(/\r?\n/);
      const found = match(lines);
      if (found.length === 0) continue;
      matching += found.length;
      files.push({ path, lines: found.length });
      for (const number of found.slice(0, limit - matches.length))
        matches.push({ path, line: number + 1, text: (lines[number] ?? '').trim().slice(0, MAX_TEXT_LENGTH) });
    }
    return {
      query,
      files_searched: searched,
      files_matching: files.length,
      matching_lines: matching,
      matches,
      by_file: files.sort((a, b) => b.lines - a.lines).slice(0, MAX_FILES_LISTED),
      truncated: matches.length < matching || skipped.incomplete,
      skipped: skipped.report(),
    };
  },
});
