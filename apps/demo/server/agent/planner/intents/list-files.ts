import { listFiles } from '../../tools/index.ts';
import { bullets, count, leftOut } from '../markdown.ts';
import { readScope } from '../scope.ts';
import type { Intent, PlannerSession } from '../session.ts';

const WORDS =
  /^(?:list|ls|tree)\b|\b(?:which|what|list|all|show)\b.*\b(?:files|folders|directories|packages)\b|\b(?:structure|layout)\b|\bwhat(?:'s| is) in\b/;
const MAX_FILES = 60;

export const filesListed: Intent = {
  name: 'listing files',
  example: 'List the files in packages/types',
  recognise(question) {
    if (/^(?:which|what|list)\b[^/]*\bpackages\b(?: are there| exist)?$/.test(question.plain)) return listPackages;
    return WORDS.test(question.plain) ? list : undefined;
  },
};

/** Files by which packages are told in the usual languages. */
const MANIFESTS = '{package.json,pyproject.toml,Cargo.toml,go.mod,pom.xml}';

async function listPackages(session: PlannerSession): Promise<void> {
  await session.think('The question asks for packages. Each has a manifest, so I list these.');
  const listed = await session.call(listFiles, { glob: MANIFESTS, limit: MAX_FILES });
  await session.say(`There are **${count(listed.total, 'package')}**, by their manifests:\n\n`);
  await session.say(bullets(listed.files.map(({ path }) => `\`${path}\``)));
}

async function list(session: PlannerSession): Promise<void> {
  await session.think('The question asks which files there are. I find out where, and list them.');
  const scope = await readScope(session);
  const listed = await session.call(listFiles, { ...scope.selection, limit: MAX_FILES });
  await session.say(`There ${listed.total === 1 ? 'is' : 'are'} **${count(listed.total, 'file')}**${scope.label}.\n\n`);
  // All names if they fit, else the folders.
  await session.say(
    listed.total <= MAX_FILES
      ? bullets(listed.files.map(({ path }) => `\`${path}\``))
      : bullets(listed.folders.map(({ path, files }) => `\`${path}\`: ${count(files, 'file')}`)),
  );
  await session.say(leftOut(listed.skipped));
}
