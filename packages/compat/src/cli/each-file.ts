import { readFileSync } from 'node:fs';
import { SourceSyntaxError } from '../codemod/source-tree.ts';
import type { Output } from './output.ts';
import { sourceFiles } from './source-files.ts';

/** How many files were looked at, and how many could not be. */
export interface FileCount {
  readonly files: number;
  readonly failed: number;
}

/** A tree of this many files takes long enough to say how far it is. */
const PROGRESS_EVERY = 1000;

/** Calls `work` with each source file at the paths. A file that can't be parsed is told, and the others go on. */
export function eachFile(
  paths: readonly string[],
  { err }: Output,
  work: (file: string, text: string) => void,
): FileCount {
  const files = [...new Set(paths.flatMap(sourceFiles))];
  let failed = 0;
  for (const [index, file] of files.entries()) {
    if (index > 0 && index % PROGRESS_EVERY === 0) err(`${index} of ${files.length} files`);
    try {
      work(file, readFileSync(file, 'utf8'));
    } catch (error) {
      if (!(error instanceof SourceSyntaxError)) throw error;
      failed += 1;
      err(error.message);
    }
  }
  return { files: files.length, failed };
}
