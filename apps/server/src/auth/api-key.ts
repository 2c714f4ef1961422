import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { WebSocketError } from '@ws/types';
import { bearerToken } from './bearer-token.ts';

/** Checks the API key of a publisher: `Authorization: Bearer KEY` or `X-API-Key: KEY`. */
export class ApiKeyCheck {
  readonly #digest: Buffer;

  constructor(apiKey: string) {
    this.#digest = digest(apiKey);
  }

  /** Whether the request carries the key. Takes the same time for every wrong one. */
  holds(headers: IncomingHttpHeaders): boolean {
    const key = givenKey(headers);
    return key !== undefined && timingSafeEqual(digest(key), this.#digest);
  }

  /** Throws `CREDENTIAL_MISSING` or `CREDENTIAL_INVALID` unless the request carries the key. */
  require(headers: IncomingHttpHeaders): void {
    if (this.holds(headers)) return;
    throw givenKey(headers) === undefined
      ? new WebSocketError('CREDENTIAL_MISSING', 'an API key is needed: Authorization: Bearer KEY')
      : new WebSocketError('CREDENTIAL_INVALID', 'the API key is wrong');
  }
}

function givenKey(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['x-api-key'];
  return typeof header === 'string' ? header : bearerToken(headers);
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
