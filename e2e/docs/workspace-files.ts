import { globSync } from 'node:fs';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Paths of the `package.json` files of the workspace, relative to its root. */
export function manifests(): readonly string[] {
  return ['package.json', ...globSync('{packages,apps}/*/package.json', { cwd: ROOT }).sort()];
}

/** Paths of the Markdown files of the workspace, relative to its root. */
export function markdownFiles(): readonly string[] {
  return globSync('{*.md,{.changeset,docs,examples}/**/*.md,{packages,apps}/*/*.md}', { cwd: ROOT }).sort();
}
