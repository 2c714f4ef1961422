import { WebSocketError } from '@ws/types';
import type { AuthenticatorSetup, TokenAuthenticator } from './authenticator.ts';
import { openCheckToken, type JwtKeys } from './open-check-token.ts';
import { MIN_SECRET_LENGTH, weaknessOf } from './secret-strength.ts';
import { createTokenVerifier, type TokenRules } from './token-verifier.ts';

/**
 * Signature algorithms by where the keys come from. A shared secret and a public key never share an algorithm: else a public key could be
 * passed off as a secret.
 */
export const JWT_ALGORITHMS = {
  secret: ['HS256', 'HS384', 'HS512'],
  jwks: [...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'], ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']],
} as const;

/** How JWTs are checked. One of `secret`, `secretFile` and `jwksUrl` says with which keys. */
export interface JwtOptions {
  /** The secret that tokens are signed with; at least 32 random characters. */
  readonly secret?: string;
  /** Path of a file with one secret per line, all of them good; it is read again when it changes. */
  readonly secretFile?: string;
  /** Address of the public keys of the issuer (JWKS), https. */
  readonly jwksUrl?: string | URL;
  /** Algorithms that are taken. @default HS256 with secrets; RS, PS, ES and EdDSA with `jwksUrl` */
  readonly algorithms?: readonly string[];
  /** Issuers that are taken (claim `iss`). @default any */
  readonly issuers?: readonly string[];
  /** Audiences this server is (claim `aud`). @default any */
  readonly audiences?: readonly string[];
  /** By how much the clocks of this machine and of the issuer may differ, in milliseconds. @default 5_000 */
  readonly clockToleranceMs?: number;
}

/**
 * Authenticates users by JWTs: `sub` is the user, `exp` the end, `threads` limits to threads, `jti` can be revoked. A request without a
 * token is left to the next authenticator; one with a token that is not good is refused.
 *
 * @throws `INVALID_OPTION`, naming the option, for keys that are missing, too many or weak; the secret is never repeated
 * @example
 * ```ts
 * createServer({ log, authenticate: jwt({ jwksUrl: 'https://id.example.com/.well-known/jwks.json' }) });
 * ```
 */
export function jwt(options: JwtOptions): TokenAuthenticator {
  const keys = keysOf(options);
  const rules = rulesOf(options, keys);
  return {
    open: ({ logger, keyFiles }: AuthenticatorSetup) =>
      createTokenVerifier(openCheckToken(keys, keyFiles, logger), rules),
  };
}

function keysOf({ secret, secretFile, jwksUrl }: JwtOptions): JwtKeys {
  const given = Object.entries({ secret, secretFile, jwksUrl }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length !== 1) {
    const which =
      given.length === 0 ? 'one of secret, secretFile and jwksUrl is needed' : `${given.join(' and ')}: choose one`;
    throw new WebSocketError('INVALID_OPTION', `jwt: ${which}`);
  }
  if (secretFile !== undefined) return { kind: 'secret_file', path: secretFile };
  if (jwksUrl !== undefined) return { kind: 'jwks', url: urlOf(jwksUrl) };
  const text = secret ?? '';
  const weakness = weaknessOf(text);
  if (weakness === undefined) return { kind: 'secret', secret: text };
  const message = `jwt: secret must have at least ${MIN_SECRET_LENGTH} random characters: this one ${weakness}`;
  throw new WebSocketError('INVALID_OPTION', message);
}

function urlOf(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new WebSocketError('INVALID_OPTION', 'jwt: jwksUrl must be an http or https URL');
}

/** What tokens have to be besides well signed. Throws `INVALID_OPTION`. */
function rulesOf(options: JwtOptions, keys: JwtKeys): TokenRules {
  const { algorithms, issuers = [], audiences = [], clockToleranceMs = 5_000 } = options;
  const allowed: readonly string[] = keys.kind === 'jwks' ? JWT_ALGORITHMS.jwks : JWT_ALGORITHMS.secret;
  const usual = keys.kind === 'jwks' ? allowed : ['HS256'];
  const wrong = algorithms?.find((one) => !allowed.includes(one));
  if (wrong !== undefined || algorithms?.length === 0) {
    throw new WebSocketError('INVALID_OPTION', `jwt: algorithms must be some of ${allowed.join(', ')}`);
  }
  if (!Number.isSafeInteger(clockToleranceMs) || clockToleranceMs < 0 || clockToleranceMs > 300_000) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'jwt: clockToleranceMs must be an integer of milliseconds from 0 to 300000',
    );
  }
  return { algorithms: algorithms ?? usual, issuers, audiences, clockToleranceMs };
}
