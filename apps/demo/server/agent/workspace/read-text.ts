import { constants, open, type FileHandle } from 'node:fs/promises';
import { fromFileSystem, WorkspaceError } from './errors.ts';
import { holdsKey } from './secret-names.ts';
import { isBinaryName } from './skip-rules.ts';

/** How much of a file is looked at to tell whether it is text. */
const SNIFFED_BYTES = 8_192;

/** Neither a link put in the place of the file nor a pipe that nobody writes to is followed. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads a text file whose place was checked before; `path` is what messages call it. */
export async function readText(absolute: string, path: string, maxBytes: number, signal: AbortSignal): Promise<string> {
  if (isBinaryName(path)) throw binary(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(absolute, FLAGS);
    const info = await handle.stat();
    if (!info.isFile()) throw new WorkspaceError('NOT_A_FILE', `"${path}" is not a file.`);
    if (info.size > maxBytes)
      throw new WorkspaceError(
        'TOO_LARGE',
        `"${path}" has ${info.size} bytes; files over ${maxBytes} bytes are not read.`,
      );
    const bytes = await handle.readFile({ signal });
    if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) throw binary(path);
    const text = bytes.toString('utf8');
    if (holdsKey(text)) throw new WorkspaceError('OFF_LIMITS', `"${path}" is off limits: it holds a key.`);
    return text;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof WorkspaceError ? error : fromFileSystem(error, path);
  } finally {
    await handle?.close();
  }
}

function binary(path: string): WorkspaceError {
  return new WorkspaceError('BINARY', `"${path}" is not a text file.`);
}
