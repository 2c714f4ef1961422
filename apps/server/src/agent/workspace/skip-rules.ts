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

/** Folders where programs keep keys. */
const SECRET_FOLDERS: ReadonlySet<string> = new Set(['.aws', '.docker', '.gnupg', '.kube', '.ssh']);

const SECRET_NAMES: ReadonlySet<string> = new Set([
  '.git-credentials',
  '.htpasswd',
  '.netrc',
  '.npmrc',
  '.pgpass',
  '.pypirc',
  '.yarnrc.yml',
  '_netrc',
  'credentials',
  'credentials.json',
]);

const SECRET_PATTERNS: readonly RegExp[] = [
  /^\.env(?!\.(?:example|sample|template)$)(?:\..*)?$/,
  /^\.envrc$/,
  /\.env$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /^secrets?\.(?:json|ya?ml|toml|ini|txt)$/,
  /^service[-_]account.*\.json$/,
];

/** Files that are never text: what they are can be told without opening them. */
const BINARY_EXTENSIONS =
  /\.(?:png|jpe?g|gif|webp|avif|ico|pdf|zip|t?gz|bz2|xz|zst|7z|woff2?|ttf|otf|eot|mp[34]|mov|webm|wav|ogg|wasm|so|dll|dylib|exe|class|jar|pyc|db|sqlite3?|db-wal|db-shm)$/;

/** Why a path is left out. */
export type SkipReason =
  | 'skipped folder'
  | 'secret'
  | 'symbolic link'
  | 'too large'
  | 'binary'
  | 'unreadable'
  | 'over the limit of one search';

/** Why a folder of this name is not entered. */
export function skipReasonOfFolder(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  if (SECRET_FOLDERS.has(lower)) return 'secret';
  return SKIPPED_FOLDERS.has(lower) ? 'skipped folder' : undefined;
}

/** Why a file of this name is neither listed nor read. */
export function skipReasonOfFile(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  return SECRET_NAMES.has(lower) || SECRET_PATTERNS.some((pattern) => pattern.test(lower)) ? 'secret' : undefined;
}

/** Tells by its name that a file is binary. */
export function isBinaryName(name: string): boolean {
  return BINARY_EXTENSIONS.test(name.toLowerCase());
}

/** Why a path is out of bounds: for a folder in it, or for its last segment as either. */
export function skipReasonOfPath(relativePath: string): SkipReason | undefined {
  const segments = relativePath.split('/');
  const last = segments.at(-1) ?? '';
  for (const segment of segments) {
    const reason = skipReasonOfFolder(segment);
    if (reason !== undefined) return reason;
  }
  return skipReasonOfFile(last);
}
