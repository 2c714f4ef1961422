import { errors } from 'jose';

/** More than secrets times algorithms that anybody uses at a time; the rest are secrets that were rotated out. */
const MAX_KEYS = 32;

/** Secrets as keys: made once, since making one takes longer than checking a signature with it. */
export class SecretKeys {
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  /** The key for one of the HMAC algorithms of JWT. Rejects with `JOSENotSupported` for another algorithm. */
  get(secret: string, algorithm: string): Promise<CryptoKey> {
    const name = `${algorithm} ${secret}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = make(secret, algorithm);
      if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
      this.#keys.set(name, key);
    }
    return key;
  }
}

async function make(secret: string, algorithm: string): Promise<CryptoKey> {
  const [, bits] = /^HS(256|384|512)$/.exec(algorithm) ?? [];
  if (bits === undefined) throw new errors.JOSENotSupported(`${algorithm} is no algorithm for a secret`);
  const hmac = { name: 'HMAC', hash: `SHA-${bits}` };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify']);
}
