import { countLines } from '../../tools/index.ts';
import { bullets, count, leftOut } from '../markdown.ts';
import { readScope } from '../scope.ts';
import type { Intent, PlannerSession } from '../session.ts';

export const longestFiles: Intent = {
  name: 'the longest files',
  example: 'Which are the longest TypeScript files?',
  recognise: (question) =>
    /\b(?:largest|biggest|longest)\b|\bmost lines\b/.test(question.plain) &&
    !/\blines? (?:in|of) \S+\.\w+$/.test(question.plain)
      ? listLongest
      : undefined,
};

async function listLongest(session: PlannerSession): Promise<void> {
  await session.think('The question asks for the longest files. I count the lines of each and sort.');
  const scope = await readScope(session);
  const counted = await session.call(countLines, { ...scope.selection, limit: 10 });
  if (counted.files === 0) return session.say(`There are no text files${scope.label} here.\n`);
  await session.say(`The longest of ${count(counted.files, 'text file')}${scope.label}, by lines:\n\n`);
  await session.say(bullets(counted.longest.map(({ path, lines }) => `\`${path}\`: ${count(lines, 'line')}`)));
  await session.say(leftOut(counted.skipped));
}
