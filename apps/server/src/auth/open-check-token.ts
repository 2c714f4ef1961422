import type { Logger } from 'pino';
import { weaknessOf, type JwtKeys } from '../settings/index.ts';
import { checkWithJwks, checkWithSecrets, type CheckToken } from './check-token.ts';
import { JwksKeys } from './jwks-keys.ts';
import type { KeyFiles } from './key-files.ts';

/**
 * Makes the check of tokens with the keys that the settings name.
 *
 * @throws `INVALID_OPTION` for a file that cannot be used
 */
export function openCheckToken(keys: JwtKeys, files: KeyFiles, logger: Logger): CheckToken {
  switch (keys.kind) {
    case 'secret':
      return checkWithSecrets(() => [keys.secret]);
    case 'secret_file': {
      const file = files.open(keys.path, parseSecrets);
      return checkWithSecrets(() => file.content);
    }
    case 'jwks': {
      const jwks = new JwksKeys(keys.url, logger);
      // So that the first user does not wait for them, and a wrong address shows at the start.
      void jwks.refresh();
      return checkWithJwks(jwks);
    }
  }
}

/** One secret per line. */
function parseSecrets(text: string): readonly string[] {
  const secrets = text.split(/\r?\n/).filter((line) => line !== '');
  if (secrets.length === 0) throw new Error('it holds no secret: write one per line');
  for (const [index, secret] of secrets.entries()) {
    const weakness = weaknessOf(secret);
    if (weakness !== undefined) throw new Error(`secret ${index + 1} can be guessed: it ${weakness}`);
  }
  return secrets;
}
