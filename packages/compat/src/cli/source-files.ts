import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.[cm]?ts$/;

/** Folders that hold what programs made, or what others wrote. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'vendor']);

/**
 * The source files at a path: the file itself, or those of a folder and the folders in it, in order. Symbolic links, hidden
 * folders and type declarations are left out.
 *
 * @throws the error of the file system for a path that is not there
 */
export function sourceFiles(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  const files: string[] = [];
  collect(path, files);
  return files;
}

function collect(folder: string, into: string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name));
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isDirectory() && !SKIPPED.has(name) && !name.startsWith('.')) collect(join(folder, name), into);
    else if (entry.isFile() && SOURCE.test(name) && !DECLARATION.test(name)) into.push(join(folder, name));
  }
}
