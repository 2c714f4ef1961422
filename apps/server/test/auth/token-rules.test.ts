import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/service.ts';
import { tokenFor } from '../support/http.ts';
import { openService } from '../support/service.ts';
import { SECRET, SECRET_FILE, signToken } from '../support/tokens.ts';
import { upgrade, type RawAnswer } from '../support/upgrade.ts';

let service: Service;

beforeAll(async () => {
  service = await openService({
    WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE,
    WS_JWT_ISSUER: 'https://id.example.com, https://old-id.example.com',
    WS_JWT_AUDIENCE: 'agent-events',
    WS_JWT_CLOCK_TOLERANCE_MS: '60000',
  });
});
afterAll(async () => service.close(0));

async function upgradeWith(token: string): Promise<RawAnswer> {
  return upgrade(service.url, { headers: { Authorization: `Bearer ${token}` } });
}

const GOOD = { sub: 'alice', iss: 'https://id.example.com', aud: 'agent-events' };
const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

describe('issuer, audience, time', () => {
  it.each([
    ['all in order', GOOD],
    ['another issuer of the list', { ...GOOD, iss: 'https://old-id.example.com' }],
    ['one audience of several', { ...GOOD, aud: ['billing', 'agent-events'] }],
    ['a clock that is ahead within the tolerance', { ...GOOD, nbf: soon(30) }],
  ])('%s → taken', async (_name, claims) => {
    expect((await upgradeWith(await signToken(claims))).status).toBe(101);
  });

  it.each([
    ['an issuer that is not on the list', { ...GOOD, iss: 'https://evil.example' }, 'iss'],
    ['no issuer', { sub: 'alice', aud: 'agent-events' }, 'iss'],
    ['an issuer with a slash more', { ...GOOD, iss: 'https://id.example.com/' }, 'iss'],
    ['a token for another service', { ...GOOD, aud: 'billing' }, 'aud'],
    ['no audience', { sub: 'alice', iss: 'https://id.example.com' }, 'aud'],
  ])('%s → 401, which names the claim', async (_name, claims, claim) => {
    const answer = await upgradeWith(await signToken(claims));
    expect(answer).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
    expect(answer.error.message).toContain(`claim ${claim}`);
  });

  it('a clock that is ahead beyond the tolerance → 401', async () => {
    expect((await upgradeWith(await signToken({ ...GOOD, nbf: soon(90) }))).status).toBe(401);
  });

  it('development tokens carry what the settings ask for', async () => {
    expect((await upgradeWith(await tokenFor(service.url, 'alice'))).status).toBe(101);
  });
});

describe('algorithms', () => {
  it.each(['HS384', 'HS512'])('%s with the right secret is refused where HS256 alone is allowed', async (alg) => {
    const token = await new SignJWT(GOOD)
      .setProtectedHeader({ alg })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET.padEnd(64, ' ')));
    expect(await upgradeWith(token)).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
  });

  it.each(['none', 'None', 'NONE'])('a token signed with %s is refused', async (alg) => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${encode({ alg })}.${encode({ ...GOOD, exp: soon(600) })}.`;
    expect(await upgradeWith(token)).toMatchObject({ status: 401, error: { code: 'CREDENTIAL_INVALID' } });
  });
});
