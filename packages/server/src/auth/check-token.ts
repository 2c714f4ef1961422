import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { JwksKeys } from './jwks-keys.ts';
import { SecretKeys } from './secret-keys.ts';

/** Checks the signature and the claims of a token. Rejects with an error of `jose`, which never holds the token. */
export type CheckToken = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

/** Checks with shared secrets, any of which may have signed: while they are rotated there are two. */
export function checkWithSecrets(secrets: () => readonly string[]): CheckToken {
  const keys = new SecretKeys();
  return async (token, options) => {
    for (const secret of secrets()) {
      try {
        const { payload } = await jwtVerify(token, ({ alg }) => keys.get(secret, alg), options);
        return payload;
      } catch (error) {
        // What is wrong beside the signature is wrong under each of them.
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    // Also where the list of secrets is empty: no token is signed with one of them then.
    throw new errors.JWSSignatureVerificationFailed();
  };
}

/** Checks with the key of a JWKS that the token's header names; where it names none, with each that may fit. */
export function checkWithJwks(keys: JwksKeys): CheckToken {
  return async (token, options) => {
    try {
      const { payload } = await jwtVerify(token, (header, jws) => keys.find(header, jws), options);
      return payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return checkWithEach(error, token, options);
    }
  };
}

async function checkWithEach(
  keys: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, options);
      return payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
