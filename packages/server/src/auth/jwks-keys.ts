import { WebSocketError } from '@ws/types';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import type { Logger } from 'pino';

export interface JwksTimes {
  /** From this age on the keys are fetched again, beside the work. */
  readonly refreshMs: number;
  /** Keys older than this are not used any more, also while they cannot be fetched. */
  readonly maxAgeMs: number;
  /** Shortest time between two fetches because of a key that is not known. */
  readonly cooldownMs: number;
  /** Time for one fetch. */
  readonly timeoutMs: number;
}

const TIMES: JwksTimes = { refreshMs: 300_000, maxAgeMs: 3_600_000, cooldownMs: 5_000, timeoutMs: 5_000 };

/**
 * The keys at a JWKS URL: cached, fetched again when they age and when a token names a key that is not among them (a rotation).
 * An issuer that is away for a while locks nobody out: the keys it gave last stay good for an hour.
 */
export class JwksKeys {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #times: JwksTimes;
  readonly #logger: Logger;
  #refreshAt: number;

  constructor(url: URL, logger: Logger, times: Partial<JwksTimes> = {}) {
    this.#times = { ...TIMES, ...times };
    this.#logger = logger;
    this.#refreshAt = performance.now() + this.#times.refreshMs;
    this.#keys = createRemoteJWKSet(url, {
      cacheMaxAge: this.#times.maxAgeMs,
      cooldownDuration: this.#times.cooldownMs,
      timeoutDuration: this.#times.timeoutMs,
      [customFetch]: fetchBounded,
    });
  }

  /** Fetches the keys. Never rejects: what went wrong is logged, and they are asked for again when they are needed. */
  async refresh(): Promise<void> {
    const { refreshMs, cooldownMs } = this.#times;
    // Whoever comes while this is under way has nothing to do.
    this.#refreshAt = performance.now() + refreshMs;
    try {
      await this.#keys.reload();
    } catch (error) {
      this.#refreshAt = performance.now() + cooldownMs;
      this.#logger.error({ err: error }, 'the keys that check tokens could not be fetched (WS_JWKS_URL)');
    }
  }

  /**
   * The key of a token.
   *
   * @throws `AUTH_UNAVAILABLE` if there are no keys because they cannot be fetched; errors of `jose` for a token none fits
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.#keys.fresh && performance.now() >= this.#refreshAt) void this.refresh();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (isAboutKeys(error)) throw error;
      const message = 'the keys that check tokens could not be fetched: try again';
      throw new WebSocketError('AUTH_UNAVAILABLE', message, { cause: error });
    }
  }
}

/** Of an answer with keys, in bytes: more than a hundred keys with their certificates take. */
const MAX_BYTES = 262_144;

/** Fetches an answer no further than to its limit: an issuer, or one who answers for it, must not fill the memory of the service. */
async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { status } = response;
  // The types say `any`: the body of an answer is bytes.
  const body = response.body as ReadableStream<Uint8Array<ArrayBuffer>> | null;
  // Anything else is refused for its status: nothing of it is wanted.
  if (status !== 200 || body === null) {
    await body?.cancel();
    return response;
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      throw new WebSocketError('AUTH_UNAVAILABLE', `the answer of WS_JWKS_URL is longer than ${MAX_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return new Response(new Blob(chunks));
}

/** Whether the keys were there and the token fits none: all else is a fetch that failed. */
function isAboutKeys(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
