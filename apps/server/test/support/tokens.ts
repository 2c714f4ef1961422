import { fileURLToPath } from 'node:url';
import { SignJWT, type JWTPayload } from 'jose';

/** The secret of services whose tests sign tokens themselves. */
export const SECRET = 'a secret for tests that nobody else knows';

/** The same in a file, for services in development mode (WS_DEVELOPMENT_SECRET_FILE). */
export const SECRET_FILE = fileURLToPath(new URL('development-secret', import.meta.url));

/** What a service needs outside of development mode. */
export const PRODUCTION = {
  WS_DEVELOPMENT: 'off',
  WS_JWT_SECRET: SECRET,
  WS_API_KEY: 'key-of-the-publishers-in-tests-0123456789',
} as const;

/** Signs a token. Times are in seconds from now; `null` leaves the claim out. */
export async function signToken(
  claims: JWTPayload,
  { expiresIn = 3_600, secret = SECRET }: { expiresIn?: number | null; secret?: string } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(claims.iat ?? now - 7_200);
  if (expiresIn !== null) token.setExpirationTime(now + expiresIn);
  return token.sign(new TextEncoder().encode(secret));
}
