import type { Authentication } from '@ws/core';
import { isId, WebSocketError } from '@ws/types';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import * as v from 'valibot';
import type { JwtSetting } from '../settings/index.ts';

/** Checks the JWTs of users. The token never gets into an error or a log. */
export type TokenVerifier = (token: string) => Promise<Authentication>;

const OPTIONS: JWTVerifyOptions = { clockTolerance: 5, requiredClaims: ['sub'] };
const JWKS_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const JWKS_UNREACHABLE: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC']);

const threadsSchema = v.optional(v.pipe(v.array(v.custom<string>(isId)), v.minLength(1)));

/** Makes the verifier for a shared secret (HS256) or the keys at a JWKS URL, which are cached and fetched anew when they rotate. */
export function createTokenVerifier(setting: JwtSetting): TokenVerifier {
  if (setting.kind === 'secret') {
    const key = new TextEncoder().encode(setting.secret);
    return async (token) => toAuthentication(() => jwtVerify(token, key, { ...OPTIONS, algorithms: ['HS256'] }));
  }
  const keys = createRemoteJWKSet(setting.url);
  return async (token) => toAuthentication(() => jwtVerify(token, keys, { ...OPTIONS, algorithms: JWKS_ALGORITHMS }));
}

async function toAuthentication(verify: () => Promise<{ payload: JWTPayload }>): Promise<Authentication> {
  const { payload } = await verify().catch((error: unknown) => {
    throw toCredentialError(error);
  });
  const { sub, exp } = payload;
  if (!isId(sub)) throw new WebSocketError('CREDENTIAL_INVALID', 'the token names no user (claim sub)');
  const threads = v.safeParse(threadsSchema, payload['threads']);
  if (!threads.success)
    throw new WebSocketError('CREDENTIAL_INVALID', 'claim threads of the token must list thread ids');
  return {
    userId: sub,
    ...(exp === undefined ? {} : { expiresAt: exp * 1000 }),
    ...(threads.output === undefined ? {} : { threads: threads.output }),
  };
}

function toCredentialError(error: unknown): WebSocketError {
  if (error instanceof errors.JWTExpired) {
    return new WebSocketError('CREDENTIAL_EXPIRED', 'the token has expired: get a fresh one');
  }
  if (error instanceof errors.JOSEError && !JWKS_UNREACHABLE.has(error.code)) {
    return new WebSocketError('CREDENTIAL_INVALID', 'the token is not valid');
  }
  // Not the token's fault: the keys could not be fetched. Trying again helps.
  return new WebSocketError('INTERNAL', 'the keys that check tokens could not be fetched', { cause: error });
}
