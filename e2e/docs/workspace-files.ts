import { globSync } from 'node:fs';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

const MADE_BY_PROGRAMS: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'test-results',
  'coverage',
  'data',
  'results',
]);

function filesOf(pattern: string): readonly string[] {
  const exclude = ({ name }: { readonly name: string }): boolean => MADE_BY_PROGRAMS.has(name);
  const entries = globSync(pattern, { cwd: ROOT, withFileTypes: true, exclude });
  return entries
    .map(({ parentPath, name }) =>
      resolve(parentPath, name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** Paths of the `package.json` files of the workspace, relative to its root. */
export function manifests(): readonly string[] {
  return filesOf('**/package.json');
}

/** Paths of the Markdown files of the workspace, relative to its root. */
export function markdownFiles(): readonly string[] {
  return filesOf('{,.changeset/}**/*.md');
}
