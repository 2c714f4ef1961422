import { WebSocketError, type CloseReason, type ErrorCode, type HelloFrame } from '@ws/types';
import { revocationError } from '../shared/revocation-list.ts';
import type { Authenticate, Authentication } from '../authentication.ts';
import { answerInTime, authorize } from './authorization.ts';
import type { AcceptOptions } from './session.ts';
import type { SessionServices } from './session-services.ts';

/** Finds out who a peer is and whether it may be here: its credential, the rights of the application, revocations, expiry. */
export class CredentialCheck {
  readonly #options: AcceptOptions;
  readonly #services: SessionServices;
  /** Revocations that were known when the credential was found good: each later one closes what rests on it. */
  #known: number;
  /** Checks the tokens of `auth` frames; absent where no tokens are taken. */
  readonly authenticate: Authenticate | undefined;

  constructor(options: AcceptOptions, services: SessionServices) {
    this.#options = options;
    this.#services = services;
    this.#known = services.revocations.learned;
    this.authenticate = options.authenticate === undefined ? undefined : (token) => this.#ofToken(token);
  }

  /**
   * Who said hello, by the credential of the upgrade or else by the token in `hello`.
   *
   * @throws `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `CREDENTIAL_REVOKED`, what the application's own
   *   check throws, and the log's errors, since revocations are kept there
   */
  async ofHello(hello: HelloFrame): Promise<Authentication> {
    const { authentication } = this.#options;
    const checked =
      authentication === undefined ? await this.#ofFirstToken(hello) : await this.#ofUpgrade(authentication);
    await this.#services.revocations.load();
    this.assertNotRevoked(checked);
    if (checked.expiresAt !== undefined && checked.expiresAt <= this.#services.clock.now()) {
      throw new WebSocketError('CREDENTIAL_EXPIRED', 'the credential has expired: connect again with a fresh one');
    }
    return checked;
  }

  /** Throws `CREDENTIAL_REVOKED`, and `CREDENTIAL_EXPIRED` where another credential would be good. */
  assertNotRevoked(authentication: Authentication): void {
    const refusal = this.#services.revocations.refusalOf(authentication, this.#known);
    if (refusal !== undefined) throw revocationError(refusal);
  }

  async #ofUpgrade(authentication: Authentication): Promise<Authentication> {
    this.assertNotRevoked(authentication);
    return authorize(authentication, this.#services.authorization);
  }

  #ofFirstToken({ token }: HelloFrame): Promise<Authentication> {
    this.#known = this.#services.revocations.learned;
    return this.#ofToken(token);
  }

  async #ofToken(token: string | undefined): Promise<Authentication> {
    const { authenticate } = this.#options;
    if (token === undefined || authenticate === undefined) {
      throw new WebSocketError('CREDENTIAL_MISSING', 'no credential: send a token with the upgrade or in hello');
    }
    const authentication = await answerInTime('authenticate', authenticate(token), this.#services.options);
    this.assertNotRevoked(authentication);
    return authorize(authentication, this.#services.authorization);
  }
}

/** With what a peer is closed that was not let in because of this error. */
export function closeReasonFor(code: ErrorCode): CloseReason {
  switch (code) {
    case 'CREDENTIAL_EXPIRED':
      return 'CREDENTIAL_EXPIRED';
    case 'CREDENTIAL_MISSING':
    case 'CREDENTIAL_INVALID':
    case 'CREDENTIAL_REVOKED':
    case 'INVALID_USER_ID':
      return 'UNAUTHORIZED';
    case 'THREAD_NOT_ALLOWED':
    case 'ISOLATION_VIOLATION':
    case 'FORBIDDEN':
    case 'ORIGIN_NOT_ALLOWED':
      return 'NOT_ALLOWED';
    case 'DRAINING':
      return 'RESTARTING';
    default:
      return 'OVERLOADED';
  }
}
