import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** A key pair of an issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  sign(claims: JWTPayload, header?: { readonly kid?: string | undefined }): Promise<string>;
}

export async function makeIssuerKey(kid: string, alg = 'ES256'): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    kid,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: async (claims, header = { kid }) => sign(privateKey, alg, claims, header.kid),
  };
}

async function sign(key: CryptoKey, alg: string, claims: JWTPayload, kid: string | undefined): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
}

/** An issuer that serves its keys over HTTP. */
export interface JwksServer extends AsyncDisposable {
  readonly url: URL;
  /** Requests so far. */
  readonly requests: number;
  /** Serves these keys from now on. */
  publish(keys: readonly IssuerKey[]): void;
  /** Answers with this text instead of the keys, until others are served. */
  answer(text: string): void;
  /** Bytes of bodies that were sent so far. */
  readonly bytesSent: number;
  /** Serves this again and again, without an end, from now on. */
  flood(chunk: Buffer, headers?: OutgoingHttpHeaders): void;
  /** Answers with this status instead of the keys, from now on. */
  fail(status: number): void;
}

export async function startJwksServer(first: readonly IssuerKey[]): Promise<JwksServer> {
  let keys = first;
  let status = 200;
  let other: string | undefined;
  let requests = 0;
  let bytesSent = 0;
  let endless: { readonly chunk: Buffer; readonly headers: OutgoingHttpHeaders } | undefined;
  const server = createServer((_request, response) => {
    requests += 1;
    if (endless !== undefined) {
      const { chunk, headers } = endless;
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      const read = (): void => {
        bytesSent += chunk.length;
        source.push(chunk);
      };
      const source = new Readable({ read });
      response.once('close', () => source.destroy());
      source.pipe(response);
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    const set = other ?? JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });
    response.end(status === 200 ? set : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/jwks.json`),
    get bytesSent() {
      return bytesSent;
    },
    flood(chunk, headers = {}) {
      endless = { chunk, headers };
    },
    get requests() {
      return requests;
    },
    publish(next) {
      keys = next;
      status = 200;
      other = undefined;
    },
    answer(text) {
      other = text;
    },
    fail(next) {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
