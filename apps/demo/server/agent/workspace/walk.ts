import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceLimits } from './limits.ts';
import type { SkipLog } from './skip-log.ts';
import { skipReasonOfFile, skipReasonOfFolder } from './skip-rules.ts';

/** A file of the folder: its path from the root, with `/`. */
export interface WorkspaceFile {
  readonly path: string;
  readonly bytes: number;
}

export interface WalkOptions {
  readonly root: string;
  /** Folder to start in, relative to the root; empty for the root. */
  readonly from: string;
  readonly limits: WorkspaceLimits;
  readonly signal: AbortSignal;
  readonly skipped: SkipLog;
}

/**
 * Gives the files below a folder, by name, without following links. Every step waits for the file system, so that other work of
 * the process goes on meanwhile.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<WorkspaceFile> {
  let seen = 0;
  for await (const file of walkFolder(options, options.from, 0)) {
    seen += 1;
    if (seen > options.limits.maxFiles) {
      options.skipped.add('over the limit of one search', file.path);
      return;
    }
    yield file;
  }
}

async function* walkFolder(options: WalkOptions, folder: string, depth: number): AsyncGenerator<WorkspaceFile> {
  const { root, limits, signal, skipped } = options;
  signal.throwIfAborted();
  if (depth > limits.maxDepth) {
    skipped.add('over the limit of one search', folder);
    return;
  }
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    skipped.add('unreadable', folder);
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    signal.throwIfAborted();
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isSymbolicLink()) skipped.add('symbolic link', path);
    else if (entry.isDirectory()) {
      const reason = skipReasonOfFolder(entry.name);
      if (reason === undefined) yield* walkFolder(options, path, depth + 1);
      else skipped.add(reason, path);
    } else if (entry.isFile()) {
      const reason = skipReasonOfFile(entry.name);
      if (reason === undefined) {
        const info = await lstat(join(root, path)).catch(() => undefined);
        if (info !== undefined) yield { path, bytes: info.size };
      } else skipped.add(reason, path);
    }
  }
}
