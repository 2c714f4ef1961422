import { listFiles, readFile } from '../../tools/index.ts';
import { findPath } from '../find-path.ts';
import { bullets, codeBlock, count } from '../markdown.ts';
import type { Intent, PlannerSession, Plan } from '../session.ts';

const WORDS =
  /^(?:show|open|read|print|cat|display|view)\b|\bcontents? of\b|\bwhat(?:'s| is| does| do)\b.*\b(?:in|inside|contain|say|look like)\b|\blines? \d+/;
const MAX_LINES = 120;

export const showFile: Intent = {
  name: 'showing a file',
  example: 'Show lines 1 to 20 of package.json',
  recognise(question) {
    const readme = /\breadme\b/.test(question.plain) ? 'README.md' : undefined;
    const name = question.paths[0] ?? readme ?? question.quoted.find((text) => /^[\w./@-]+$/.test(text));
    if (name === undefined || !WORDS.test(question.plain)) return undefined;
    return show(name, lineRange(question.plain));
  },
};

interface Range {
  readonly from: number;
  readonly to: number;
}

function lineRange(plain: string): Range | undefined {
  const range = /\blines?\s+(\d{1,7})(?:\s*(?:-|–|to|until|through|and)\s*(\d{1,7}))?/.exec(plain);
  const first = /\bfirst (\d{1,5}) lines\b/.exec(plain)?.[1];
  if (first !== undefined) return { from: 1, to: Math.max(1, Number(first)) };
  if (range === null) return undefined;
  const from = Math.max(1, Number(range[1]));
  return { from, to: Math.max(from, Number(range[2] ?? from)) };
}

function show(name: string, range: Range | undefined): Plan {
  return async (session) => {
    await session.think(`The question asks for what \`${name}\` holds. I look for it.`);
    const found = await findPath(session, name);
    if (found === undefined)
      return session.say(`There is no \`${name}\` in this folder that I may read. Paths are relative to it.\n`);
    if (found.kind === 'folder') return showFolder(session, found.path);
    await showText(session, found.path, range ?? { from: 1, to: MAX_LINES });
    if (found.others.length > 0)
      await session.say(`\nOthers of that name:\n\n${bullets(found.others.map((path) => `\`${path}\``))}`);
  };
}

async function showText(session: PlannerSession, path: string, range: Range): Promise<void> {
  await session.think(`I read \`${path}\`.`);
  const read = await session.call(readFile, { path, from_line: range.from, to_line: range.to });
  if (read.text === '' && read.to_line < read.from_line)
    return session.say(`\`${path}\` has ${count(read.total_lines, 'line')}, so none from ${range.from} on.\n`);
  await session.say(`\`${path}\`, lines ${read.from_line} to ${read.to_line} of ${read.total_lines}:\n\n`);
  await session.say(codeBlock(path, read.text));
  if (read.to_line < Math.min(range.to, read.total_lines) || read.truncated)
    await session.say('\nThe rest is too long to show at once.\n');
}

async function showFolder(session: PlannerSession, path: string): Promise<void> {
  const listed = await session.call(listFiles, { under: path, limit: 60 });
  await session.say(`\`${path}\` is a folder with ${count(listed.total, 'file')}:\n\n`);
  await session.say(bullets(listed.files.map((file) => `\`${file.path}\` (${file.bytes} bytes)`)));
  if (listed.total > listed.files.length)
    await session.say(`- and ${count(listed.total - listed.files.length, 'further file')}\n`);
}
