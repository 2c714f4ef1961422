import type { ClientFrame, WebSocketError } from '@ws/types';
import { backoffMs } from './backoff.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Timer } from './clock.ts';
import { fetchToken } from './token.ts';

/**
 * Renews the credential of a live connection: `auth_expiring` → a fresh token → `auth`. Should it fail until the credential
 * expires, the server closes with 4001 and the next connect asks for a token again.
 */
export class CredentialRefresh {
  readonly #options: ResolvedOptions;
  readonly #send: (frame: ClientFrame) => void;
  readonly #report: (error: WebSocketError) => void;
  #timer: Timer | null = null;
  /** The renewal at hand; a new one, or the end of the connection, makes the answer of an older one worthless. */
  #turn: object | null = null;

  constructor(options: ResolvedOptions, send: (frame: ClientFrame) => void, report: (error: WebSocketError) => void) {
    this.#options = options;
    this.#send = send;
    this.#report = report;
  }

  /** The credential expires soon. A token that is a plain string can't be renewed. */
  start(): void {
    this.stop();
    if (typeof this.#options.token === 'function') void this.#renew(0);
  }

  /** The connection ended, or the credential is renewed. */
  stop(): void {
    this.#timer?.cancel();
    this.#turn = null;
  }

  async #renew(attempt: number): Promise<void> {
    const turn = {};
    this.#turn = turn;
    try {
      const token = await fetchToken(this.#options, 'expiring');
      if (turn === this.#turn && token !== undefined) this.#send({ type: 'auth', token });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#report(error as WebSocketError);
      const { clock, backoff, random } = this.#options;
      const waitMs = backoff.minMs + backoffMs(attempt, backoff, random);
      this.#timer = clock.after(waitMs, () => void this.#renew(attempt + 1));
    }
  }
}
