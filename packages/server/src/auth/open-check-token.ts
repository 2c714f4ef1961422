import type { Logger } from 'pino';
import { checkWithJwks, checkWithSecrets, type CheckToken } from './check-token.ts';
import { JwksKeys } from './jwks-keys.ts';
import type { KeyFiles } from './key-files.ts';
import type { ListFormat } from './reloaded-file.ts';
import { weaknessOf } from './secret-strength.ts';

/** Where the keys of tokens come from. */
export type JwtKeys =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A file with one secret per line: all are good, so that they can be rotated. */
  | { readonly kind: 'secret_file'; readonly path: string }
  | { readonly kind: 'jwks'; readonly url: URL };

/**
 * Makes the check of tokens with the keys that `jwt` names.
 *
 * @throws `INVALID_OPTION` for a file that cannot be used
 */
export function openCheckToken(keys: JwtKeys, files: KeyFiles, logger: Logger): CheckToken {
  switch (keys.kind) {
    case 'secret':
      return checkWithSecrets(() => [keys.secret]);
    case 'secret_file': {
      const file = files.open(keys.path, SECRET_FILE);
      return checkWithSecrets(() => file.items);
    }
    case 'jwks': {
      const jwks = new JwksKeys(keys.url, logger);
      // So that the first user does not wait for them, and a wrong address shows at the start.
      void jwks.refresh();
      files.beside(() => void jwks.refresh());
      return checkWithJwks(jwks);
    }
  }
}

/** One secret per line. */
const SECRET_FILE: ListFormat<string> = {
  parse: parseSecrets,
  emptyMessage: 'it holds no secret: write one per line',
};

function parseSecrets(text: string): readonly string[] {
  const secrets = text.split(/\r?\n/).filter((line) => line !== '');
  for (const [index, secret] of secrets.entries()) {
    const weakness = weaknessOf(secret);
    if (weakness !== undefined) throw new Error(`secret ${index + 1} can be guessed: it ${weakness}`);
  }
  return secrets;
}
