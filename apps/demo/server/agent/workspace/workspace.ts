import { realpathSync, statSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fromFileSystem, WorkspaceError } from './errors.ts';
import { compileGlob } from './glob.ts';
import { DEFAULT_LIMITS, type WorkspaceLimits } from './limits.ts';
import { readText } from './read-text.ts';
import { toRelativePath } from './safe-path.ts';
import type { SkipLog } from './skip-log.ts';
import { isBinaryName, skipReasonOfPath, type SkipReason } from './skip-rules.ts';
import { walk, type WorkspaceFile } from './walk.ts';

/** Which files a tool works on. */
export interface Selection {
  /** Folder or file to stay in. */
  readonly under?: string | undefined;
  readonly glob?: string | undefined;
  readonly exclude?: string | undefined;
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

const SKIP_REASONS: ReadonlyMap<string, SkipReason> = new Map([
  ['TOO_LARGE', 'too large'],
  ['BINARY', 'binary'],
  ['OFF_LIMITS', 'secret'],
]);

/** A folder that can be read and not be left: the only way of the agent to files. */
export class Workspace {
  readonly #root: string;
  readonly #limits: WorkspaceLimits;

  /** Throws if the folder is not there. */
  constructor(root: string, limits: Partial<WorkspaceLimits> = {}) {
    this.#root = realpathSync(root);
    if (!statSync(this.#root).isDirectory()) throw new WorkspaceError('NOT_A_FOLDER', `${root} is not a folder.`);
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Name of the folder, without where it lies. */
  get name(): string {
    return basename(this.#root);
  }

  /** The files of a selection, by path. What is left out is written into the log. */
  async *files(selection: Selection, signal: AbortSignal, skipped: SkipLog): AsyncGenerator<WorkspaceFile> {
    const included = selection.glob === undefined ? undefined : compileGlob(selection.glob);
    const excluded = selection.exclude === undefined ? undefined : compileGlob(selection.exclude);
    for await (const file of this.#below(selection.under ?? '', signal, skipped)) {
      if (included?.(file.path) === false || excluded?.(file.path) === true) continue;
      yield file;
    }
  }

  /** The text files of a selection with their text. */
  async *texts(selection: Selection, signal: AbortSignal, skipped: SkipLog): AsyncGenerator<TextFile> {
    let bytes = 0;
    for await (const file of this.files(selection, signal, skipped)) {
      if (isBinaryName(file.path)) {
        skipped.add('binary', file.path);
        continue;
      }
      bytes += Math.min(file.bytes, this.#limits.maxFileBytes);
      if (bytes > this.#limits.maxTotalBytes) {
        skipped.add('over the limit of one search', file.path);
        return;
      }
      try {
        const absolute = join(this.#root, file.path);
        yield { path: file.path, text: await readText(absolute, file.path, this.#limits.maxFileBytes, signal) };
      } catch (error) {
        if (!(error instanceof WorkspaceError)) throw error;
        skipped.add(SKIP_REASONS.get(error.code) ?? 'unreadable', file.path);
      }
    }
  }

  /** Reads one text file. Throws a {@link WorkspaceError} that says why not. */
  async read(path: string, signal: AbortSignal): Promise<TextFile> {
    const place = await this.#resolve(path);
    if (place.path === '') throw new WorkspaceError('NOT_A_FILE', 'That is the folder itself, not a file.');
    return {
      path: place.path,
      text: await readText(place.absolute, place.path, this.#limits.maxFileBytes, signal),
    };
  }

  async *#below(under: string, signal: AbortSignal, skipped: SkipLog): AsyncGenerator<WorkspaceFile> {
    const { path, absolute } = await this.#resolve(under);
    const info = await lstat(absolute).catch((error: unknown) => {
      throw fromFileSystem(error, under);
    });
    if (info.isFile()) yield { path, bytes: info.size };
    else yield* walk({ root: this.#root, from: path, limits: this.#limits, signal, skipped });
  }

  /** Follows links and refuses what lies outside or off limits, both as it was named and as it is. */
  async #resolve(path: string): Promise<{ path: string; absolute: string }> {
    const asked = toRelativePath(path);
    const absolute = await realpath(join(this.#root, asked)).catch((error: unknown) => {
      // What is off limits is not told apart by whether it is there.
      assertAllowed(asked, path, 'file');
      assertAllowed(asked, path, 'folder');
      throw fromFileSystem(error, path);
    });
    const real = relative(this.#root, absolute).split(sep).join('/');
    // On Windows a path on another drive stays absolute.
    if (real === '..' || real.startsWith('../') || /^[a-z]:/i.test(real))
      throw new WorkspaceError('OUTSIDE', `"${path}" leads outside of the folder.`);
    const info = await lstat(absolute).catch((error: unknown) => {
      throw fromFileSystem(error, path);
    });
    const kind = info.isDirectory() ? 'folder' : 'file';
    assertAllowed(asked, path, kind);
    assertAllowed(real, path, kind);
    return { path: real, absolute };
  }
}

function assertAllowed(relativePath: string, path: string, kind: 'file' | 'folder'): void {
  const reason = skipReasonOfPath(relativePath, kind);
  if (reason === undefined) return;
  const why = reason === 'secret' ? 'it may hold keys' : 'this agent leaves that folder out';
  throw new WorkspaceError('OFF_LIMITS', `"${path}" is off limits: ${why}.`);
}
