import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { WebSocketError } from '@ws/types';
import type { ApiKey, Scope } from './api-key-file.ts';
import { bearerToken } from './bearer-token.ts';

/** The name of the key that was given in clear. */
const SINGLE_KEY_ID = 'default';

/** The API keys of back ends: `Authorization: Bearer KEY` or `X-API-Key: KEY`. */
export class ApiKeys {
  readonly #keys: () => readonly ApiKey[];
  readonly #mayUse: (headers: IncomingHttpHeaders) => void;
  readonly #now: () => number;

  /**
   * @param keys - asked on every request, so that they can be rotated
   * @param mayUse - throws for a request that may not use the key it carries
   */
  constructor(
    keys: () => readonly ApiKey[],
    mayUse: (headers: IncomingHttpHeaders) => void = () => undefined,
    now: () => number = Date.now,
  ) {
    this.#keys = keys;
    this.#mayUse = mayUse;
    this.#now = now;
  }

  /** The key that a request carries, if it is one of these. Takes the same time for every wrong one. */
  find(headers: IncomingHttpHeaders): ApiKey | undefined {
    const given = givenKey(headers);
    if (given === undefined) return undefined;
    const digest = digestOf(given);
    let found: ApiKey | undefined;
    for (const key of this.#keys()) {
      if (timingSafeEqual(digest, key.digest)) found = key;
    }
    if (found === undefined || !this.#lives(found)) return undefined;
    this.#mayUse(headers);
    return found;
  }

  /** Whether a key that was found before is still in the list with this scope, and has not expired. */
  stillAllows({ digest }: ApiKey, scope: Scope): boolean {
    return this.#keys().some((key) => key.digest.equals(digest) && allows(key, scope) && this.#lives(key));
  }

  #lives({ expiresAt = Infinity }: ApiKey): boolean {
    return expiresAt > this.#now();
  }

  /**
   * The key that a request carries, which must allow `scope`.
   *
   * @throws `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`; `FORBIDDEN` for a key without the scope
   */
  require(headers: IncomingHttpHeaders, scope: Scope): ApiKey {
    const key = this.find(headers);
    if (key === undefined) {
      throw givenKey(headers) === undefined
        ? new WebSocketError('CREDENTIAL_MISSING', 'an API key is needed: Authorization: Bearer KEY')
        : new WebSocketError('CREDENTIAL_INVALID', 'the API key is wrong');
    }
    if (allows(key, scope)) return key;
    throw new WebSocketError('FORBIDDEN', `the API key ${key.id} does not have the scope ${scope}`);
  }
}

/** Whether a key may do something. `admin` may do everything. */
function allows({ scopes }: ApiKey, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

/** A key that was given in clear, and may do everything. */
export function singleApiKey(key: string): ApiKey {
  return { id: SINGLE_KEY_ID, digest: digestOf(key), scopes: ['admin'] };
}

function givenKey(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['x-api-key'];
  return typeof header === 'string' ? header : bearerToken(headers);
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
