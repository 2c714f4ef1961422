import { isSecretFile, isSecretFolder } from './secret-names.ts';

/** Folders that hold what other programs made, or data of users. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.turbo',
  '.cache',
  '.venv',
  '__pycache__',
  'coverage',
  'data',
  'dist',
  'node_modules',
  'test-results',
]);

/** Files that are never text: what they are can be told without opening them. */
const BINARY_EXTENSIONS =
  /\.(?:png|jpe?g|gif|webp|avif|ico|pdf|zip|t?gz|bz2|xz|zst|7z|woff2?|ttf|otf|eot|mp[34]|mov|webm|wav|ogg|wasm|so|dll|dylib|exe|class|jar|pyc|db|sqlite3?|db-wal|db-shm|aof|rdb|dump)$/;

/** Why a path is left out. */
export type SkipReason =
  | 'skipped folder'
  | 'secret'
  | 'symbolic link'
  | 'too large'
  | 'binary'
  | 'unreadable'
  | 'unparsable'
  | 'over the limit of one search';

/** Why a folder of this name is not entered. */
export function skipReasonOfFolder(name: string): SkipReason | undefined {
  if (SKIPPED_FOLDERS.has(name.toLowerCase())) return 'skipped folder';
  return isSecretFolder(name) ? 'secret' : undefined;
}

/** Why a file of this name is neither listed nor read. */
export function skipReasonOfFile(name: string): SkipReason | undefined {
  return isSecretFile(name) ? 'secret' : undefined;
}

/** Tells by its name that a file is binary. */
export function isBinaryName(name: string): boolean {
  return BINARY_EXTENSIONS.test(name.toLowerCase());
}

/** Why a path is out of bounds: for a folder in it, or for its last segment as what it is. */
export function skipReasonOfPath(relativePath: string, kind: 'file' | 'folder'): SkipReason | undefined {
  const segments = relativePath.split('/');
  const last = segments.pop() ?? '';
  for (const segment of segments) {
    const reason = skipReasonOfFolder(segment);
    if (reason !== undefined) return reason;
  }
  return kind === 'file' ? skipReasonOfFile(last) : skipReasonOfFolder(last);
}
