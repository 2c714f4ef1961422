import { randomUUID } from 'node:crypto';
import type { Hub } from '@ws/core';
import { SignJWT } from 'jose';
import type { TokenRules } from './token-verifier.ts';

/** A token for trying things out. */
export interface DevelopmentToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const LIFE_MS = 3_600_000;

/**
 * Signs development tokens: for anybody who asks, hence only on one's own machine. They carry what the settings ask of tokens.
 */
export function createDevelopmentTokens(
  secret: string,
  { issuers: [issuer], audiences: [audience], algorithms: [alg = 'HS256'] }: TokenRules,
  hub: Pick<Hub, 'issueTime'>,
): (userId: string, threads?: readonly string[]) => Promise<DevelopmentToken> {
  const key = new TextEncoder().encode(secret);
  return async (userId, threads) => {
    const expiresAt = Date.now() + LIFE_MS;
    const claims = {
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(audience === undefined ? {} : { aud: audience }),
      ...(threads === undefined ? {} : { threads }),
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg })
      .setJti(randomUUID())
      .setSubject(userId)
      .setIssuedAt(Math.floor((await hub.issueTime(userId)) / 1_000))
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(key);
    return { token, expiresAt: Math.floor(expiresAt / 1000) * 1000 };
  };
}
