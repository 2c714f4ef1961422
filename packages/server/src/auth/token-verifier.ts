import type { Authentication } from '@ws/core/internal';
import { isId, isWebSocketError, WebSocketError } from '@ws/types';
import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose';
import * as v from 'valibot';
import type { CheckToken } from './check-token.ts';

/** Checks the JWTs of users. The token never gets into an error or a log. */
export type TokenVerifier = (token: string) => Promise<Authentication>;

/** What tokens have to be besides well signed. */
export interface TokenRules {
  /** Signature algorithms that are taken. */
  readonly algorithms: readonly string[];
  /** Issuers that are taken (claim `iss`); empty: any. */
  readonly issuers: readonly string[];
  /** Audiences this service is (claim `aud`); empty: any. */
  readonly audiences: readonly string[];
  /** By how much the clocks of this machine and of the issuer may differ, in milliseconds. */
  readonly clockToleranceMs: number;
}

const threadsSchema = v.optional(v.pipe(v.array(v.custom<string>(isId)), v.minLength(1)));

/** Makes the verifier of tokens that follow the rules and are signed with the right key. */
export function createTokenVerifier(check: CheckToken, rules: TokenRules): TokenVerifier {
  const options: JWTVerifyOptions = {
    algorithms: [...rules.algorithms],
    clockTolerance: rules.clockToleranceMs / 1_000,
    requiredClaims: ['sub'],
    ...(rules.issuers.length === 0 ? {} : { issuer: [...rules.issuers] }),
    ...(rules.audiences.length === 0 ? {} : { audience: [...rules.audiences] }),
  };
  return async (token) => {
    const claims = await check(token, options).catch((error: unknown) => {
      throw toCredentialError(error);
    });
    return toAuthentication(claims);
  };
}

function toAuthentication({ sub, exp, iat, jti, threads: claimed }: JWTPayload): Authentication {
  if (!isId(sub)) throw new WebSocketError('CREDENTIAL_INVALID', 'the token names no user (claim sub)');
  const threads = v.safeParse(threadsSchema, claimed);
  if (!threads.success) {
    throw new WebSocketError('CREDENTIAL_INVALID', 'claim threads of the token must list thread ids');
  }
  return {
    userId: sub,
    ...(exp === undefined ? {} : { expiresAt: exp * 1_000 }),
    // What is no time says nothing: a revocation always concerns such a token.
    ...(typeof iat === 'number' && Number.isFinite(iat) ? { issuedAt: iat * 1_000 } : {}),
    ...(typeof jti === 'string' ? { tokenId: jti } : {}),
    ...(threads.output === undefined ? {} : { threads: threads.output }),
  };
}

function toCredentialError(error: unknown): WebSocketError {
  if (isWebSocketError(error)) return error;
  if (error instanceof errors.JWTExpired) {
    return new WebSocketError('CREDENTIAL_EXPIRED', 'the token has expired: get a fresh one');
  }
  if (error instanceof errors.JWTClaimValidationFailed && (error.claim === 'iss' || error.claim === 'aud')) {
    // The developer's most frequent mistake, and the claim alone tells an attacker nothing.
    return new WebSocketError('CREDENTIAL_INVALID', `the token is not for this service (claim ${error.claim})`);
  }
  if (error instanceof errors.JOSEError) return new WebSocketError('CREDENTIAL_INVALID', 'the token is not valid');
  return new WebSocketError('INTERNAL', 'the token could not be checked', { cause: error });
}
