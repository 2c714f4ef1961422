import { WebSocketError, type AcceptedFrame, type Offset } from '@ws/types';
import { checkUserContext } from '../user-context.ts';
import { contextOf, type Authentication } from '../authentication.ts';
import { authorize } from './authorization.ts';
import { handleRequest, type RequestFrame, type Requester } from './handle-request.ts';
import type { SessionServices } from './session-services.ts';

/**
 * What users ask for without a connection: those whose events come another way than over a WebSocket. Whoever calls has checked the
 * credential, also that it was not revoked.
 */
export class UserRequests {
  readonly #services: SessionServices;

  /** @internal */
  constructor(services: SessionServices) {
    this.#services = services;
  }

  /**
   * Does what a frame asks: a message, the cancellation of a run, the answer to an approval. By whatever way it comes, and how often,
   * it has effect once.
   *
   * @throws `RATE_LIMITED`, `THREAD_NOT_ALLOWED`, `FORBIDDEN`, `NO_AGENT`, `DRAINING`, `RUN_LIMIT`, `RUN_NOT_OPEN` and other codes
   * of runs, and the log's errors
   */
  async handle(frame: RequestFrame, authentication: Authentication): Promise<AcceptedFrame> {
    return handleRequest(frame, await this.#requester(authentication), this.#services);
  }

  /**
   * Notes that a user has processed everything up to `offset`.
   *
   * @throws `RATE_LIMITED`, and the log's errors
   */
  async acknowledge(offset: Offset, presented: Authentication): Promise<void> {
    const { stream, authentication } = await this.#requester(presented);
    // Whoever sees some threads only says nothing about events of the others.
    if (authentication.threads === undefined) stream.confirmations.acknowledged(Math.min(offset, stream.head));
  }

  async #requester(presented: Authentication): Promise<Requester> {
    const authentication = await authorize(presented, this.#services.authorization);
    const { threads } = authentication;
    const context = contextOf(authentication);
    const stream = this.#services.stream(checkUserContext(context).stream);
    if (stream.inbound.take(0) !== undefined) {
      throw new WebSocketError('RATE_LIMITED', 'the user sends too many frames: slow down');
    }
    await stream.load();
    return {
      authentication,
      manager: this.#services.manager(context),
      stream,
      allows: (threadId) => threads?.includes(threadId) ?? true,
    };
  }
}
