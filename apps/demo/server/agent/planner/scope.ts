import { fileKindIn, TEST_GLOB, TESTS_WORD, type FileKind } from './file-kinds.ts';
import { findPath } from './find-path.ts';
import type { PlannerSession } from './session.ts';

/** The files that a question is about. */
export interface Scope {
  readonly selection: { readonly under?: string; readonly glob?: string; readonly exclude?: string };
  readonly kind: FileKind | undefined;
  /** Whether the place is one file. */
  readonly file: boolean;
  /** In words, after "there are so many lines": " of tests in `packages/core`". */
  readonly label: string;
}

const WITHOUT_TESTS =
  /\b(?:without|excluding|except|ignoring|not counting|besides|minus|outside(?: of)?|not|non)[\s-]+(?:the |in )?(?:tests?|specs?)\b/;
const PLACE =
  /\b(?:in|under|inside|within|below|of|for|from)\s+(?:the\s+)?(?:folder\s+|directory\s+|package\s+|file\s+)?["'`]?(?<name>[\w@./-]+)["'`]?/g;
const WHOLE =
  /^(?:this|it|total|all|here|there|them|repo\w*|project|workspace|folder|directory|codebase|code|files?|lines?|each|every|everything|the|a|an|my|our|your)$/;

/** Reads from a question which sort of files and which folder it means. */
export async function readScope(session: PlannerSession): Promise<Scope> {
  const { plain } = session.question;
  const withoutTests = WITHOUT_TESTS.test(plain);
  const rest = plain.replace(WITHOUT_TESTS, '');
  const place = await readPlace(session, rest);
  // A word of the path is no word about the sort of files.
  const kind = fileKindIn(place === undefined ? rest : rest.replaceAll(place.name, ' '));
  const ofKind = place?.kind === 'file' ? undefined : kind;
  return {
    selection: {
      ...(place === undefined ? {} : { under: place.path }),
      ...(ofKind === undefined ? {} : { glob: ofKind.glob }),
      ...(withoutTests ? { exclude: TEST_GLOB } : {}),
    },
    kind: ofKind,
    file: place?.kind === 'file',
    label: [
      ofKind === undefined ? '' : ` of ${ofKind.label}`,
      place === undefined ? '' : ` in \`${place.path}\``,
      withoutTests ? ', tests left out' : '',
    ].join(''),
  };
}

async function readPlace(session: PlannerSession, plain: string) {
  const { question } = session;
  const named = [...plain.matchAll(PLACE)].map((match) => match.groups?.['name'] ?? '');
  const words = named.filter((name) => !WHOLE.test(name) && (fileKindIn(name) === undefined || isFolderWord(name)));
  const names = [...new Set([...question.paths.filter((path) => !/^\.\w+$/.test(path)), ...words])];
  for (const name of names) {
    const found = await findPath(session, name);
    if (found !== undefined) return { ...found, name: name.toLowerCase() };
  }
  return undefined;
}

/** "lines in docs" can mean the folder; "lines of tests" never means one of the many. */
function isFolderWord(name: string): boolean {
  return !TESTS_WORD.test(name) && (name.includes('/') || name === 'docs');
}
