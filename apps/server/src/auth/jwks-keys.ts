import { WebSocketError } from '@ws/types';
import { createRemoteJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import type { Logger } from 'pino';

export interface JwksTimes {
  /** From this age on the keys are fetched anew, beside the work. */
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
 * The keys at a JWKS URL: cached, fetched anew when they age and when a token names a key that is not among them (a rotation).
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
      this.#logger.error({ err: error }, 'the keys that check tokens could not be fetched from WS_JWKS_URL');
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

/** Whether the keys were there and the token fits none: all else is a fetch that failed. */
function isAboutKeys(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
