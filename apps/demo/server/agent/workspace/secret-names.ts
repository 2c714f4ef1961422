/** Files that begin with a dot and hold settings of tools. What else begins with one is left out: it is where programs keep keys. */
const HARMLESS_DOT_FILES: readonly RegExp[] = [
  /^\.(?:git(?:ignore|attributes|modules|keep|lab-ci\.yml)|mailmap|editorconfig|keep)$/,
  /^\.(?:docker|eslint|helm|npm|prettier|style(?:lint))ignore$/,
  /^\.(?:nvmrc|node-version|python-version|ruby-version|tool-versions|browserslistrc|clang-format|clang-tidy)$/,
  /^\.(?:babel|commitlint|eslint|lintstaged|markdownlint|mocha|nyc|postcss|prettier|stylelint|swc)(?:rc)?(?:\.[a-z0-9]+)?$/,
  /^\.(?:dependency-cruiser|size-limit|pre-commit-config|markdownlint-cli2|rustfmt|golangci|rubocop)\.[a-z0-9]+$/,
  /^\.env\.(?:example|sample|template)$/,
];

/** Folders that begin with a dot and hold settings of tools. */
const HARMLESS_DOT_FOLDERS: ReadonlySet<string> = new Set([
  '.changeset',
  '.ci',
  '.circleci',
  '.devcontainer',
  '.github',
  '.gitlab',
  '.husky',
  '.storybook',
  '.vscode',
]);

/** Folders where people put keys. */
const SECRET_FOLDERS: ReadonlySet<string> = new Set([
  'credentials',
  'keystore',
  'keystores',
  'private-keys',
  'secrets',
]);

/** Programs and texts, which may speak of secrets by name: `secret-keys.ts` is code. */
const CODE_OR_TEXT =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html?|css|s[ac]ss|less|md|mdx|rst|adoc|tex|py|pyi|rb|php|go|rs|java|kts?|scala|swift|c|h|cc|cpp|hpp|cs|fs|lua|pl|r|jl|dart|ex|exs|erl|hs|ml|clj|sh|bash|fish|ps1|sql|proto|graphql|gradle|nix|zig)$/;

/** What parts of a name between dots say that it holds keys, settings with passwords, state of a tool, or a copy of any of these. */
const SECRET_PARTS: ReadonlySet<string> = new Set([
  ...[
    'age',
    'agekey',
    'asc',
    'bcfks',
    'crt',
    'der',
    'gpg',
    'jceks',
    'jks',
    'jwk',
    'jwks',
    'kdb',
    'kdbx',
    'key',
    'keystore',
  ],
  ...[
    'keytab',
    'mobileprovision',
    'ovpn',
    'p12',
    'p7b',
    'p8',
    'pem',
    'pfx',
    'pgp',
    'pkcs12',
    'pkcs8',
    'ppk',
    'truststore',
  ],
  ...['env', 'har', 'kubeconfig', 'publishsettings', 'rdp', 'tfplan', 'tfstate', 'tfvars'],
  ...['bak', 'backup', 'old', 'orig', 'save', 'saved', 'swo', 'swp'],
]);

/** Words of a name that say the same. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...[
    'apikey',
    'apikeys',
    'cookie',
    'cookies',
    'cred',
    'credential',
    'credentials',
    'creds',
    'htpasswd',
    'key',
    'keyfile',
  ],
  ...['keyring', 'keys', 'keystore', 'keytab', 'kubeconfig', 'netrc', 'passphrase', 'passwd', 'password', 'passwords'],
  ...['pgpass', 'secret', 'secrets', 'shadow', 'tfstate', 'token', 'tokens'],
]);

const SECRET_PATTERNS: readonly RegExp[] = [
  /^(?:id|identity)[-_](?:rsa|dsa|ecdsa|ed25519)/,
  /service[-_]?account/,
  /adminsdk/,
  /^(?:admin|kubelet|controller-manager|scheduler)\.conf$/,
  // Copies that editors and people make.
  /~$/,
  /^#.*#$/,
];

/** Whether a file of this name may hold credentials, keys or state. */
export function isSecretFile(name: string): boolean {
  const plain = plainName(name);
  if (plain.startsWith('.')) return !HARMLESS_DOT_FILES.some((pattern) => pattern.test(plain));
  if (SECRET_PATTERNS.some((pattern) => pattern.test(plain))) return true;
  if (CODE_OR_TEXT.test(plain)) return false;
  // A name without a dot is its own only part.
  if (
    plain
      .split('.')
      .slice(1)
      .some((part) => SECRET_PARTS.has(part))
  )
    return true;
  return wordsOf(name).some((word) => SECRET_WORDS.has(word));
}

/** Whether a folder of this name is one where keys are kept. */
export function isSecretFolder(name: string): boolean {
  const plain = plainName(name);
  return SECRET_FOLDERS.has(plain) || (plain.startsWith('.') && !HARMLESS_DOT_FOLDERS.has(plain));
}

/** What keys look like, whatever their file is called. */
const SECRET_TEXT: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|\s){1,8}(?:[A-Za-z0-9+/=]{32}|Proc-Type:|Version:|Comment:)/,
  /\bclient-key-data:\s{0,8}[A-Za-z0-9+/=]{32}/,
  /\baws_secret_access_key\s{0,8}[=:]\s{0,8}[A-Za-z0-9/+]{40}/i,
];

/** Whether a text holds a key. */
export function holdsKey(text: string): boolean {
  return SECRET_TEXT.some((pattern) => pattern.test(text));
}

/** The name as the file system reads it: Windows passes over dots and blanks at the end, and both it and macOS over case. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[. ]+$/, '');
}

/** The words of a name: parted by what is no letter, and by capitals. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
