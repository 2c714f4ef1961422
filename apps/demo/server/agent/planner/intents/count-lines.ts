import { countLines } from '../../tools/index.ts';
import { TEST_FOLDERS_GLOB, TEST_GLOB, TESTS } from '../file-kinds.ts';
import { bullets, count, leftOut } from '../markdown.ts';
import { readScope, type Scope } from '../scope.ts';
import type { Intent, PlannerSession } from '../session.ts';

const WORDS =
  /\bhow many\b.*\blines?\b|\b(?:number|amount|count) of\b.*\blines?\b|\blines? (?:of code|count)\b|\bcount\b.*\blines?\b|\bs?loc\b|\bhow (?:long|big|large)\b/;

export const linesCounted: Intent = {
  name: 'counting lines',
  example: 'How many lines of tests are there?',
  recognise: (question) => (WORDS.test(question.plain) ? countScope : undefined),
};

async function countScope(session: PlannerSession): Promise<void> {
  await session.think('The question asks for a number of lines. I find out which files are meant, and count.');
  const scope = await readScope(session);
  const counted = await session.call(countLines, scope.selection);
  if (counted.files === 0) return session.say(`There are no text files${scope.label} here, so no lines.\n`);
  if (scope.file)
    return session.say(
      `There are **${count(counted.lines, 'line')}**${scope.label}, ${count(counted.blank_lines, 'blank one')} among them.\n`,
    );
  await session.say(
    `There are **${count(counted.lines, 'line')}**${scope.label}, in ${count(counted.files, 'file')}; ` +
      `${count(counted.blank_lines, 'of them is', 'of them are')} blank.\n`,
  );
  if (counted.by_extension.length > 1)
    await session.say(
      `\n${bullets(
        counted.by_extension
          .slice(0, 12)
          .map(({ extension, files, lines }) => `\`${extension}\`: ${count(lines, 'line')} in ${count(files, 'file')}`),
      )}`,
    );
  if (scope.kind === TESTS) await countHelpers(session, scope);
  await session.say(leftOut(counted.skipped));
}

/** Whether fixtures and helpers are tests is a matter of taste, so they get a number of their own. */
async function countHelpers(session: PlannerSession, scope: Scope): Promise<void> {
  await session.think('Test folders hold helpers too, which are no tests by their names. I count these apart.');
  const { under } = scope.selection;
  const helpers = await session.call(countLines, {
    ...(under === undefined ? {} : { under }),
    glob: TEST_FOLDERS_GLOB,
    exclude: TEST_GLOB,
  });
  await session.say(
    '\nCounted are files named like tests (`*.test.*`, `*.spec.*`, `*.test-d.*`, `test_*.py`, `*_test.go` …). ',
  );
  await session.say(
    helpers.files === 0
      ? 'Test folders hold nothing else.\n'
      : `Test folders hold another ${count(helpers.lines, 'line')} in ${count(helpers.files, 'other file')} (helpers, fixtures).\n`,
  );
}
