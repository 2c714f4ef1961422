import { AUTH_EXPIRING_LEAD_MS, isWebSocketError, publicMessage, type AuthFrame } from '@ws/types';
import type { Timer } from '../clock.ts';
import type { ClockStep } from '../clock-watch.ts';
import type { Authenticate, Authentication } from '../authentication.ts';
import type { Connection } from './connection.ts';
import type { ConnectionServices } from './connection-services.ts';

/** Follows the credential of a connection: warns before it expires, takes a fresh one, closes when it has expired. */
export class CredentialWatch {
  readonly #connection: Connection;
  readonly #services: ConnectionServices;
  readonly #authenticate: Authenticate | undefined;
  #current: Authentication;
  #timer: Timer | undefined;

  constructor(
    connection: Connection,
    authentication: Authentication,
    authenticate: Authenticate | undefined,
    services: ConnectionServices,
  ) {
    this.#connection = connection;
    this.#current = authentication;
    this.#authenticate = authenticate;
    this.#services = services;
    this.#planWarning();
  }

  /** What the connection rests on now. */
  get current(): Authentication {
    return this.#current;
  }

  /** Whether the credential allows this thread. */
  allows(threadId: string): boolean {
    return this.#current.threads === undefined || this.#current.threads.includes(threadId);
  }

  /** Takes a fresh token of the same user on the live connection. Another user's closes it. */
  async refresh(frame: AuthFrame): Promise<void> {
    const connection = this.#connection;
    if (this.#authenticate === undefined) {
      connection.sendControl({
        type: 'error',
        code: 'CREDENTIAL_INVALID',
        message: 'auth: this server takes tokens with the upgrade only',
        fatal: false,
      });
      return;
    }
    try {
      const fresh = await this.#authenticate(frame.token);
      // The peer may be gone by now: no timer is left behind for it.
      if (!connection.open) return;
      const { userId, isolatedThread } = this.#current;
      if (fresh.userId !== userId || fresh.isolatedThread !== isolatedThread) {
        const whose = fresh.userId === userId ? 'is bound to another thread' : 'belongs to another user';
        this.#refuse('ISOLATION_VIOLATION', `auth: the token ${whose}`);
        return;
      }
      if (!covers(fresh.threads, connection.threads)) {
        this.#refuse('THREAD_NOT_ALLOWED', 'auth: the token does not allow every thread of this connection');
        return;
      }
      this.#current = fresh;
      this.#planWarning();
      const { expiresAt } = fresh;
      connection.sendControl({ type: 'auth_ok', ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) });
    } catch (error) {
      if (!isWebSocketError(error)) this.#services.onError(error);
      connection.sendControl({
        type: 'error',
        code: isWebSocketError(error) ? error.code : 'INTERNAL',
        message: isWebSocketError(error) ? publicMessage(error) : 'auth: the token could not be checked',
        fatal: false,
      });
    }
  }

  /**
   * The wall clock was set, or the machine suspended. A credential that ran out by that, or nearly, has as long as is left after a
   * warning: time for the client to bring a fresh one, where the connection would be lost for a change of the clock.
   */
  clockStepped({ ms }: ClockStep): void {
    const { expiresAt } = this.#current;
    if (expiresAt === undefined || this.#timer === undefined) return;
    const left = expiresAt - this.#services.clock.now();
    // Over before this step: its last minute is running.
    if (left <= 0 && left + ms <= 0) return;
    this.stop();
    if (left > AUTH_EXPIRING_LEAD_MS) this.#planWarning();
    else this.#warn(expiresAt, ms > 0 ? AUTH_EXPIRING_LEAD_MS : left);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #refuse(code: 'ISOLATION_VIOLATION' | 'THREAD_NOT_ALLOWED', message: string): void {
    this.#connection.sendControl({ type: 'error', code, message, fatal: true });
    this.#connection.close('NOT_ALLOWED');
  }

  #planWarning(): void {
    this.stop();
    const { expiresAt } = this.#current;
    if (expiresAt === undefined) return;
    const left = expiresAt - this.#services.clock.now();
    if (left <= AUTH_EXPIRING_LEAD_MS) this.#warn(expiresAt, left);
    else this.#timer = this.#services.wheel.after(left - AUTH_EXPIRING_LEAD_MS, () => this.#planWarning());
  }

  #warn(expiresAt: number, left: number): void {
    this.#connection.sendControl({ type: 'auth_expiring', expires_at: expiresAt });
    this.#timer = this.#services.wheel.after(Math.max(0, left), () => this.#expire());
  }

  #expire(): void {
    const left = (this.#current.expiresAt ?? 0) - this.#services.clock.now();
    if (left > 0) {
      this.#timer = this.#services.wheel.after(left, () => this.#expire());
      return;
    }
    const message = 'the credential has expired: connect again with a fresh one';
    this.#connection.sendControl({ type: 'error', code: 'CREDENTIAL_EXPIRED', message, fatal: true });
    this.#connection.close('CREDENTIAL_EXPIRED');
  }
}

/** Whether a credential allows all that a connection sees: what it sees was settled by its hello. */
function covers(allowed: readonly string[] | undefined, seen: ReadonlySet<string> | null): boolean {
  if (allowed === undefined) return true;
  return seen !== null && [...seen].every((threadId) => allowed.includes(threadId));
}
