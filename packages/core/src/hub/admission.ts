import { ERROR_CODES, WebSocketError, WebSocketManagerMode } from '@ws/types';
import type { ClockStep } from '../clock-watch.ts';
import type { Session } from '../connection/session.ts';

export interface AdmissionLimits {
  /** Open sockets. */
  readonly maxConnections: number;
  /** Open sockets whose peers have not proved who they are. */
  readonly maxUnauthenticated: number;
}

/** The sockets that a hub has taken: whether it takes another, and what all of them are to know. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #sessions = new Set<Session>();
  readonly #unauthenticated = new Set<Session>();

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** Sockets whose peers have not proved who they are. */
  get unauthenticated(): number {
    return this.#unauthenticated.size;
  }

  /** Why no further socket is taken, or `undefined`. */
  refusal(isAuthenticated: boolean): WebSocketError | undefined {
    const { maxConnections, maxUnauthenticated } = this.#limits;
    if (this.#sessions.size >= maxConnections) {
      return new WebSocketError('TOO_MANY_CONNECTIONS', 'the server has all the connections it takes: try again later');
    }
    if (!isAuthenticated && this.#unauthenticated.size >= maxUnauthenticated) {
      const message = 'too many connections without a credential wait: send it with the upgrade, or try again later';
      return new WebSocketError('TOO_MANY_CONNECTIONS', message);
    }
    return undefined;
  }

  entered(session: Session, isAuthenticated: boolean): void {
    this.#sessions.add(session);
    if (!isAuthenticated) this.#unauthenticated.add(session);
  }

  /** The peer has proved who it is. */
  authenticated(session: Session): void {
    this.#unauthenticated.delete(session);
  }

  left(session: Session): void {
    this.#sessions.delete(session);
    this.#unauthenticated.delete(session);
  }

  announceMode(mode: WebSocketManagerMode, reason: string): void {
    // Why the log is unavailable is the operator's business.
    const told = mode === WebSocketManagerMode.DEGRADED ? ERROR_CODES.LOG_UNAVAILABLE.meaning : reason;
    for (const session of this.#sessions) session.announceMode(mode, told);
  }

  clockStepped(step: ClockStep): void {
    for (const session of this.#sessions) session.clockStepped(step);
  }

  /** A credential was revoked. */
  recheckCredentials(): void {
    for (const session of this.#sessions) session.recheckCredential();
  }

  /** When the newest credential of a user's open connections was issued, in milliseconds since 1970; 0 if that is not known. */
  newestIssuedAt(userId: string): number {
    let newest = 0;
    for (const { credential } of this.#sessions) {
      if (credential?.userId === userId) newest = Math.max(newest, credential.issuedAt ?? 0);
    }
    return newest;
  }
}
