import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { checkWithJwks } from '@ws/server/src/auth/check-token.ts';
import { JwksKeys, type JwksTimes } from '@ws/server/src/auth/jwks-keys.ts';
import { createTokenVerifier, type TokenRules, type TokenVerifier } from '@ws/server/src/auth/token-verifier.ts';
import { makeIssuerKey, startJwksServer } from '../support/jwks-server.ts';
import { Peer } from '../support/peer.ts';
import { openService } from '../support/service.ts';
import { PRODUCTION, signToken } from '../support/tokens.ts';
import { upgrade } from '../support/upgrade.ts';

const RULES: TokenRules = { algorithms: ['ES256', 'EdDSA'], issuers: [], audiences: [], clockToleranceMs: 0 };

function verifierOf(url: URL, times: Partial<JwksTimes> = {}, rules: Partial<TokenRules> = {}): TokenVerifier {
  const keys = new JwksKeys(url, pino({ level: 'silent' }), times);
  return createTokenVerifier(checkWithJwks(keys), { ...RULES, ...rules });
}

describe('keys of an issuer', () => {
  it('are fetched once and kept', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const verify = verifierOf(issuer.url);
    for (let n = 0; n < 5; n += 1) {
      expect(await verify(await key.sign({ sub: 'alice', jti: 't1' }))).toMatchObject({
        userId: 'alice',
        tokenId: 't1',
      });
    }
    expect(issuer.requests).toBe(1);
  });

  it('a rotation: the new key is found at its first token, the old one goes with the set', async () => {
    const [old, fresh] = [await makeIssuerKey('k1'), await makeIssuerKey('k2', 'EdDSA')];
    await using issuer = await startJwksServer([old]);
    const verify = verifierOf(issuer.url, { cooldownMs: 0 });
    await verify(await old.sign({ sub: 'alice' }));

    issuer.publish([old, fresh]);
    expect(await verify(await fresh.sign({ sub: 'bob' }))).toMatchObject({ userId: 'bob' });
    expect(await verify(await old.sign({ sub: 'alice' }))).toMatchObject({ userId: 'alice' });
    expect(issuer.requests).toBe(2);

    issuer.publish([fresh]);
    const stranger = await makeIssuerKey('k3');
    // A key nobody knows makes the set be fetched, and the old key is gone with that.
    await expect(verify(await stranger.sign({ sub: 'eve' }))).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
    await expect(verify(await old.sign({ sub: 'alice' }))).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
  });

  it('tokens with invented keys make one fetch per cooldown, not one each', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const verify = verifierOf(issuer.url, { cooldownMs: 600_000 });
    await verify(await key.sign({ sub: 'alice' }));
    for (let n = 0; n < 20; n += 1) {
      const token = await key.sign({ sub: 'alice' }, { kid: `invented-${n}` });
      await expect(verify(token)).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
    }
    expect(issuer.requests).toBe(1);
  });

  it('an issuer that is away locks nobody out whose key is known', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const verify = verifierOf(issuer.url, { refreshMs: 0 });
    await verify(await key.sign({ sub: 'alice' }));
    issuer.fail(500);
    expect(await verify(await key.sign({ sub: 'bob' }))).toMatchObject({ userId: 'bob' });
    await expect.poll(() => issuer.requests).toBeGreaterThan(1);
    expect(await verify(await key.sign({ sub: 'carol' }))).toMatchObject({ userId: 'carol' });
  });

  it('an empty set is a set: once it was fetched no key of before is good', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const keys = new JwksKeys(issuer.url, pino({ level: 'silent' }));
    const verify = createTokenVerifier(checkWithJwks(keys), RULES);
    await verify(await key.sign({ sub: 'alice' }));
    // What is no set changes nothing.
    issuer.answer('{"keys":[{"kty"');
    await keys.refresh();
    await verify(await key.sign({ sub: 'alice' }));
    issuer.publish([]);
    await keys.refresh();
    await expect(verify(await key.sign({ sub: 'alice' }))).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
  });

  it('but not for ever: past their greatest age the keys are not used', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const verify = verifierOf(issuer.url, { maxAgeMs: 0 });
    await verify(await key.sign({ sub: 'alice' }));
    issuer.fail(500);
    const token = await key.sign({ sub: 'alice' });
    await expect(verify(token)).rejects.toMatchObject({ code: 'AUTH_UNAVAILABLE' });
    issuer.publish([key]);
    expect(await verify(token)).toMatchObject({ userId: 'alice' });
  });

  it.each([
    ['without an end', Buffer.alloc(65_536, ' '), {}],
    // Members of a gzip file may follow one another: each of these is a megabyte of blanks.
    ['that is a compression bomb', gzipSync(Buffer.alloc(1_048_576, ' ')), { 'content-encoding': 'gzip' }],
  ])('an answer %s is read to its limit, and no token is good meanwhile', async (_name, chunk, headers) => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    issuer.flood(chunk, headers);
    const verify = verifierOf(issuer.url, { timeoutMs: 600_000 });
    const refusal = verify(await key.sign({ sub: 'alice' }));
    await expect(refusal).rejects.toMatchObject({
      code: 'AUTH_UNAVAILABLE',
      cause: { message: 'the answer of WS_JWKS_URL is longer than 262144 bytes' },
    });
    // The rest is what lay on the way between two processes.
    expect(issuer.bytesSent).toBeLessThan(16 * 1_048_576);
  });

  it('a hundred keys with certificates fit', async () => {
    const keys = await Promise.all(Array.from({ length: 100 }, async (_, n) => makeIssuerKey(`k${n}`)));
    const [key] = keys;
    if (key === undefined) throw new Error('there are keys');
    const padded = keys.map((one) => ({ ...one, publicJwk: { ...one.publicJwk, x5c: ['A'.repeat(2_000)] } }));
    await using issuer = await startJwksServer(padded);
    expect(await verifierOf(issuer.url)(await key.sign({ sub: 'alice' }))).toMatchObject({ userId: 'alice' });
  });

  it('a token that names no key is checked with each that may fit', async () => {
    const [one, two, stranger] = [await makeIssuerKey('k1'), await makeIssuerKey('k2'), await makeIssuerKey('k3')];
    await using issuer = await startJwksServer([one, two]);
    const verify = verifierOf(issuer.url);
    expect(await verify(await two.sign({ sub: 'bob' }, { kid: undefined }))).toMatchObject({ userId: 'bob' });
    const foreign = await stranger.sign({ sub: 'eve' }, { kid: undefined });
    await expect(verify(foreign)).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
  });

  it('an algorithm that is not on the list is refused before any key is fetched', async () => {
    const key = await makeIssuerKey('k1', 'RS256');
    await using issuer = await startJwksServer([key]);
    const verify = verifierOf(issuer.url);
    await expect(verify(await key.sign({ sub: 'alice' }))).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
    expect(issuer.requests).toBe(0);
  });
});

describe('a service with a JWKS URL', () => {
  it('takes tokens of its issuer and no others, whatever they claim to be', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const service = await openService({ ...PRODUCTION, WS_JWT_SECRET: '', WS_JWKS_URL: issuer.url.href });
    try {
      const peer = await Peer.ready(service.url, { token: await key.sign({ sub: 'alice' }) });
      expect(peer.frames[0]).toMatchObject({ type: 'connection_ready', user_id: 'alice' });
      peer.socket.terminate();
      // The public key as a shared secret: what a mixed-up list of algorithms would take.
      const confused = await signToken({ sub: 'alice' }, { secret: JSON.stringify(key.publicJwk) });
      const headers = { Authorization: `Bearer ${confused}` };
      expect(await upgrade(service.url, { headers })).toMatchObject({
        status: 401,
        error: { code: 'CREDENTIAL_INVALID' },
      });
    } finally {
      await service.close(0);
    }
  });

  it('fetches them when it is told to read its keys again: a key that was taken back is good no more', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([key]);
    const service = await openService({ ...PRODUCTION, WS_JWT_SECRET: '', WS_JWKS_URL: issuer.url.href });
    try {
      const headers = { Authorization: `Bearer ${await key.sign({ sub: 'alice' })}` };
      expect((await upgrade(service.url, { headers })).status).toBe(101);
      issuer.publish([]);
      service.reloadKeys();
      await expect.poll(async () => (await upgrade(service.url, { headers })).status).toBe(401);
    } finally {
      await service.close(0);
    }
  });

  it('whose keys cannot be fetched says 503, by which clients come again', async () => {
    const key = await makeIssuerKey('k1');
    await using issuer = await startJwksServer([]);
    issuer.fail(500);
    const service = await openService({ ...PRODUCTION, WS_JWT_SECRET: '', WS_JWKS_URL: issuer.url.href });
    try {
      const token = await key.sign({ sub: 'alice' });
      const answer = await upgrade(service.url, { headers: { Authorization: `Bearer ${token}` } });
      expect(answer).toMatchObject({ status: 503, error: { code: 'AUTH_UNAVAILABLE' } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      const peer = await Peer.open(service.url, { hello: { token } });
      expect((await peer.ended()).code).toBe(1013);
    } finally {
      await service.close(0);
    }
  });
});
