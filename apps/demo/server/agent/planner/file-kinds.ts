import { SOURCE_GLOB } from '../symbols/index.ts';

/** A sort of file that questions name. */
export interface FileKind {
  readonly label: string;
  readonly glob: string;
}

const SCRIPT = '{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

/** How files of tests are named in the usual languages. */
export const TEST_GLOB = `{*.{test,spec,test-d}.${SCRIPT},test_*.py,*_test.{py,go,rb},*{Test,Tests}.{java,kt,cs}}`;
/** Folders that hold tests and what only tests need. */
export const TEST_FOLDERS_GLOB = `**/{test,tests,__tests__,e2e}/**`;

export const TESTS: FileKind = { label: 'tests', glob: TEST_GLOB };
export const TESTS_WORD = /\b(?:tests?|specs?|test code|test files?)\b/;

const KINDS: readonly (readonly [RegExp, FileKind])[] = [
  [TESTS_WORD, TESTS],
  [/\btypescript\b|\.tsx?\b|\btsx?\b/, { label: 'TypeScript', glob: '*.{ts,tsx,mts,cts}' }],
  [/\bjavascript\b|\.[mc]?jsx?\b|\bjs\b/, { label: 'JavaScript', glob: '*.{js,jsx,mjs,cjs}' }],
  [/\bpython\b|\.py\b/, { label: 'Python', glob: '*.{py,pyi}' }],
  [/\brust\b|\.rs\b/, { label: 'Rust', glob: '*.rs' }],
  [/\bgolang\b|\bgo (?:code|files?)\b|\.go\b/, { label: 'Go', glob: '*.go' }],
  [/\bmarkdown\b|\bdocs?\b|\bdocumentation\b|\.md\b/, { label: 'Markdown', glob: '*.{md,mdx}' }],
  [/\bjson\b/, { label: 'JSON', glob: '*.{json,jsonc}' }],
  [/\bya?ml\b/, { label: 'YAML', glob: '*.{yml,yaml}' }],
  [/\bcss\b|\bstyles?\b/, { label: 'CSS', glob: '*.{css,scss,less}' }],
  [/\bhtml\b/, { label: 'HTML', glob: '*.{html,htm}' }],
  [/\bshell\b|\.sh\b/, { label: 'shell', glob: '*.{sh,bash}' }],
  [/\b(?:source )?code\b|\bsources?\b/, { label: 'source code', glob: SOURCE_GLOB }],
];

/** The sort of file that a text names first in the order above, if any. */
export function fileKindIn(text: string): FileKind | undefined {
  return KINDS.find(([words]) => words.test(text))?.[1];
}
