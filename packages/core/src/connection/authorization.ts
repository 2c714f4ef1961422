import { WebSocketError } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { MaybePromise } from '../log/event-log.ts';
import type { Authentication } from '../authentication.ts';

/** A message as its user means it, before it is accepted. */
export interface ProposedUserMessage {
  readonly messageId: string;
  readonly threadId: string;
  readonly text: string;
}

/**
 * What users may do beyond what their credentials say. Without it a user reads all of the own stream and nothing else, and starts
 * runs in it. What is thrown here reaches the client if it is a `WebSocketError`, and is `INTERNAL` otherwise. An answer that has not come
 * after {@link HubTuning.helloTimeoutMs} is reported to `onError`, and the client gets `AUTH_UNAVAILABLE`.
 *
 * @example
 * ```ts
 * const hub = createHub({
 *   authorization: {
 *     readableThreads: ({ userId }) => memberships.threadsOf(userId),
 *     mayStartRun: ({ userId }) => quotas.hasLeft(userId),
 *   },
 * });
 * ```
 */
export interface Authorization {
  /**
   * The threads a user may read and write, among those of the credential. `undefined`: all of them. Asked when a connection opens,
   * when its credential is renewed, and for history; a connection keeps what it was given.
   */
  readonly readableThreads?: (authentication: Authentication) => MaybePromise<readonly string[] | undefined>;
  /** Whether a message may start a run. `false` is answered with `FORBIDDEN`, and the message is not in the stream. */
  readonly mayStartRun?: (authentication: Authentication, message: ProposedUserMessage) => MaybePromise<boolean>;
}

/** A credential with the threads that are left of it. */
export async function authorize(
  authentication: Authentication,
  { readableThreads }: Authorization,
): Promise<Authentication> {
  const readable = await readableThreads?.(authentication);
  if (readable === undefined) return authentication;
  const { threads } = authentication;
  return {
    ...authentication,
    threads: threads === undefined ? readable : threads.filter((it) => readable.includes(it)),
  };
}

/** How long the application may take to say who a user is and what they may do. */
export interface CheckLimit {
  readonly clock: Clock;
  readonly helloTimeoutMs: number;
  readonly onError: (error: unknown) => void;
}

/** The same authorization, with a limit to each answer. */
export function limitAuthorization(authorization: Authorization, limit: CheckLimit): Authorization {
  const { readableThreads, mayStartRun } = authorization;
  return {
    ...(readableThreads && {
      readableThreads: (authentication) =>
        answerInTime('authorization.readableThreads', readableThreads.call(authorization, authentication), limit),
    }),
    ...(mayStartRun && {
      mayStartRun: (authentication, message) =>
        answerInTime('authorization.mayStartRun', mayStartRun.call(authorization, authentication, message), limit),
    }),
  };
}

/**
 * An answer of the application, if it comes in time. Without the limit a check that hangs would block its request for ever.
 *
 * @throws `AUTH_UNAVAILABLE`
 */
export function answerInTime<Answer>(
  callback: string,
  answer: MaybePromise<Answer>,
  { clock, helloTimeoutMs, onError }: CheckLimit,
): MaybePromise<Answer> {
  // Any thenable: a promise may come from another realm or library.
  if (typeof answer !== 'object' || answer === null || !('then' in answer)) return answer;
  return new Promise((resolve, reject) => {
    const timer = clock.after(helloTimeoutMs, () => {
      onError(new Error(`${callback} gave no answer within ${helloTimeoutMs} ms`));
      reject(new WebSocketError('AUTH_UNAVAILABLE', 'the credential could not be checked in time: try again'));
    });
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}
