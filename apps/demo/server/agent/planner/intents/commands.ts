import { listFiles, readFile, searchText } from '../../tools/index.ts';
import { bullets, inlineCode } from '../markdown.ts';
import type { Intent, PlannerSession } from '../session.ts';

const WORDS =
  /\bhow (?:do|does|can|should|to)\b.*?\b(?<verb>start|run|build|test|install|lint|check|format|deploy|launch|serve)\b|\b(?:which|what|list)\b.*\b(?:scripts|commands)\b/;
const MAX_LINES = 8;

/** What a command is called in a README, by what it does. */
const SAID_AS: Readonly<Record<string, string>> = {
  run: 'start|run',
  launch: 'start|run',
  serve: 'start|serve',
  check: 'test|lint|check',
};

export const commands: Intent = {
  name: 'how to start, build or test',
  example: 'How do I run the tests?',
  recognise(question) {
    const match = WORDS.exec(question.plain);
    if (match === null) return undefined;
    const verb = /\btests?\b/.test(question.plain) ? 'test' : match.groups?.['verb'];
    return (session) => showCommands(session, verb);
  },
};

async function showCommands(session: PlannerSession, verb: string | undefined): Promise<void> {
  await session.think('The question is about commands. They stand in `package.json`, and in the documentation.');
  const { files } = await session.call(listFiles, { glob: '{package.json,README.md}', limit: 50 });
  const top = files.map(({ path }) => path).filter((path) => !path.includes('/'));
  const scripts = top.includes('package.json') ? await readScripts(session) : [];
  if (scripts.length > 0) {
    const named = scripts.filter(({ name }) => verb !== undefined && name.includes(verb));
    const shown = named.length > 0 ? named : scripts;
    await session.say('`package.json` has these scripts:\n\n');
    await session.say(bullets(shown.map(({ name, command }) => `\`${name}\`: ${inlineCode(command)}`)));
  }
  const said = verb === undefined ? 'start|test|build' : (SAID_AS[verb] ?? verb);
  const found = await session.call(searchText, {
    query: `\\b(?:npm|npx|pnpm|yarn|bun|node|make|docker|cargo|go|python3?|pip)\\b.*\\b(?:${said})\\b`,
    regex: true,
    glob: '*.md',
    limit: MAX_LINES,
  });
  if (found.matching_lines > 0)
    await session.say(
      `${scripts.length > 0 ? '\n' : ''}The documentation says:\n\n${bullets(found.matches.map(({ path, line, text }) => `\`${path}:${line}\` ${inlineCode(text)}`))}`,
    );
  if (scripts.length === 0 && found.matching_lines === 0)
    await session.say('Neither a `package.json` at the top nor the documentation here tells of such a command.\n');
}

async function readScripts(session: PlannerSession): Promise<{ name: string; command: string }[]> {
  const { text } = await session.call(readFile, { path: 'package.json' });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return [];
    const { scripts } = parsed;
    if (typeof scripts !== 'object' || scripts === null) return [];
    return Object.entries(scripts).map(([name, command]) => ({ name, command: String(command) }));
  } catch {
    // Cut off, or not well formed: then nothing can be told of it.
    return [];
  }
}
