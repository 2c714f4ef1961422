import { SignJWT } from 'jose';

/** A token for trying things out. */
export interface DevelopmentToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const LIFE_MS = 3_600_000;

/** Signs development tokens: for anybody who asks, hence only on one's own machine. */
export function createDevelopmentTokens(
  secret: string,
): (userId: string, threads?: readonly string[]) => Promise<DevelopmentToken> {
  const key = new TextEncoder().encode(secret);
  return async (userId, threads) => {
    const expiresAt = Date.now() + LIFE_MS;
    const token = await new SignJWT(threads === undefined ? {} : { threads })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(key);
    return { token, expiresAt: Math.floor(expiresAt / 1000) * 1000 };
  };
}
