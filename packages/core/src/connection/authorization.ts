import type { MaybePromise } from '../log/event-log.ts';
import type { Authentication } from './authentication.ts';

/** A message as its user means it, before it is accepted. */
export interface ProposedUserMessage {
  readonly messageId: string;
  readonly threadId: string;
  readonly text: string;
}

/**
 * What users may do beyond what their credentials say. Without it a user reads all of the own stream and nothing else, and starts
 * runs in it. What is thrown here reaches the client if it is a `WebSocketError`, and is `INTERNAL` otherwise.
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
