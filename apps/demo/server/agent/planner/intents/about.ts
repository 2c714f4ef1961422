import { countLines, listFiles, readFile } from '../../tools/index.ts';
import { bullets, count } from '../markdown.ts';
import type { Intent, PlannerSession } from '../session.ts';

const THIS = '(?:this|the) (?:repo|repository|project|workspace|folder|directory|codebase|code|monorepo)';
const WORDS = new RegExp(
  `\\bwhat(?:'s| is| does)\\s+${THIS}(?:\\s+(?:about|for|do))?$|\\b(?:about|describe|summari[sz]e|explain|overview of|purpose of)\\s+${THIS}|^(?:overview|summary|what is this|what's this|about)$`,
);
const README_LINES = 60;
const MAX_PARAGRAPHS = 4;

export const about: Intent = {
  name: 'what this folder is',
  example: 'What is this repository?',
  recognise: (question) => (WORDS.test(question.plain) ? describe : undefined),
};

async function describe(session: PlannerSession): Promise<void> {
  await session.think('The question is about the whole folder. I see what is there, and whether a README explains it.');
  const listed = await session.call(listFiles, { limit: 500 });
  const top = listed.files.map(({ path }) => path).filter((path) => !path.includes('/'));
  const source = top.find((path) => /^readme(?:\.\w+)?$/i.test(path)) ?? top.find((path) => path === 'package.json');
  await session.say(`**${session.folder}**\n\n`);
  if (source === undefined) await session.say('It has no README.\n\n');
  else {
    await session.think(`I read \`${source}\`.`);
    const { text } = await session.call(readFile, { path: source, to_line: README_LINES });
    await session.say(source === 'package.json' ? fromPackage(text) : fromReadme(source, text));
  }
  const counted = await session.call(countLines, {});
  await session.say(`It holds ${count(listed.total, 'file')} with ${count(counted.lines, 'line')} of text:\n\n`);
  await session.say(bullets(listed.folders.map(({ path, files }) => `\`${path}\`: ${count(files, 'file')}`)));
}

/** The first paragraphs of prose, as they stand. */
function fromReadme(path: string, text: string): string {
  const prose = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '' && !/^(?:[#|`<]|!\[|\[!)/.test(paragraph))
    .slice(0, MAX_PARAGRAPHS);
  const quoted = prose.map((paragraph) => paragraph.replace(/^/gm, '> ')).join('\n>\n');
  return prose.length === 0 ? `\`${path}\` has no prose.\n\n` : `\`${path}\` says:\n\n${quoted}\n\n`;
}

function fromPackage(text: string): string {
  const description = /"description"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return description === undefined
    ? 'It has no README, and `package.json` does not describe it.\n\n'
    : `It has no README. \`package.json\` says: ${description}\n\n`;
}
