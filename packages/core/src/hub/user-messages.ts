import {
  isWebSocketError,
  toMessageId,
  toRunId,
  toThreadId,
  WebSocketError,
  type RunId,
  type ThreadId,
  type UserMessageFrame,
} from '@ws/types';
import type { UnifiedWebSocketManager } from '../manager.ts';
import { runKey, type RunKey } from '../run/run-key.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { AcceptedUserMessage, UserMessageHandler } from './user-message.ts';

/** A handler may return before its run starts, so calls are remembered; a client repeats what it sent lately. */
const MAX_REMEMBERED_CALLS = 10_000;

/**
 * Takes the messages of users to the agent, each once. The message is in the user's stream before it is accepted, its ids are
 * derived from `message_id`, so that the same message gets the same answer from any process, also after a crash.
 */
export class UserMessages {
  readonly #handler: UserMessageHandler | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #isDraining: () => boolean;
  readonly #expectRun: (stream: StreamKey, runId: RunId) => void;
  /** Runs whose handler was called here, newest last: most are not in their stream yet when a message is repeated. */
  readonly #called = new Set<RunKey>();

  constructor(
    handler: UserMessageHandler | undefined,
    onError: (error: unknown) => void,
    isDraining: () => boolean = () => false,
    expectRun: (stream: StreamKey, runId: RunId) => void = () => undefined,
  ) {
    this.#handler = handler;
    this.#onError = onError;
    this.#isDraining = isDraining;
    this.#expectRun = expectRun;
  }

  /**
   * Accepts a message and has it answered.
   *
   * @throws `NO_AGENT`, `DRAINING`, and the errors of `emit`
   */
  async accept(
    frame: UserMessageFrame,
    stream: UserStream,
    manager: UnifiedWebSocketManager,
  ): Promise<{ readonly threadId: ThreadId; readonly runId: RunId }> {
    const handler = this.#handler;
    if (handler === undefined) {
      throw new WebSocketError('NO_AGENT', 'no agent on this server answers messages: set onUserMessage');
    }
    // A run begun now would die with this process: the client asks again where it connects next.
    if (this.#isDraining())
      throw new WebSocketError('DRAINING', 'the server is going away: send it again after a reconnect');
    const messageId = toMessageId(frame.message_id);
    const runId = toRunId(`run-${messageId}`);
    const { text } = frame.payload;
    const asked = threadOf(frame, manager);
    const receipt = await manager.emit({
      type: 'user_message',
      event_id: `user_message:${messageId}`,
      thread_id: asked,
      payload: { message_id: messageId, text },
    });
    const threadId = receipt.duplicate ? await threadAt(stream, receipt.offset, asked) : asked;
    const key = runKey(stream.key, runId);
    if (!this.#called.has(key) && !isKnown(stream, runId)) {
      this.#expectRun(stream.key, runId);
      this.#start(key, handler, { messageId, text, threadId, runId }, manager);
    }
    return { threadId, runId };
  }

  #start(
    key: RunKey,
    handler: UserMessageHandler,
    message: AcceptedUserMessage,
    manager: UnifiedWebSocketManager,
  ): void {
    this.#remember(key);
    // The client is told `accepted` first; whatever the handler does comes after.
    Promise.resolve()
      .then(() => handler(message, manager))
      .catch((error: unknown) => this.#failRun(error, message, manager))
      .catch((error: unknown) => {
        // Neither answered nor failed: the message may be tried again.
        this.#called.delete(key);
        this.#onError(error);
      });
  }

  #remember(key: RunKey): void {
    this.#called.add(key);
    if (this.#called.size <= MAX_REMEMBERED_CALLS) return;
    const oldest = this.#called.keys().next();
    if (oldest.done !== true) this.#called.delete(oldest.value);
  }

  /** An agent that throws still ends its run: nobody stares at a spinner. */
  async #failRun(error: unknown, message: AcceptedUserMessage, manager: UnifiedWebSocketManager): Promise<void> {
    this.#onError(error);
    const run = manager.run({ agentName: 'agent', runId: message.runId, threadId: message.threadId });
    try {
      await run.started();
    } catch (startError) {
      if (!isWebSocketError(startError)) throw startError;
      if (startError.code === 'RUN_ALREADY_COMPLETED') return;
      if (startError.code !== 'RUN_ALREADY_STARTED') throw startError;
      await manager.interruptRun(message.runId);
      return;
    }
    await run.fail('the agent could not be started');
  }
}

function isKnown(stream: UserStream, runId: RunId): boolean {
  return stream.runs.get(runId) !== undefined || stream.runs.endedStatus(runId) !== undefined;
}

/** The thread a message is meant for: the one it names, or the one its manager is bound to, or a new one. */
export function threadOf(frame: UserMessageFrame, manager: UnifiedWebSocketManager): ThreadId {
  if (frame.thread_id !== undefined) return toThreadId(frame.thread_id);
  return manager.isolatedThread ?? toThreadId(`thread-${frame.message_id}`);
}

/** The thread a repeated message was accepted into, which is not always the one it names now. */
async function threadAt(stream: UserStream, offset: number, asked: ThreadId): Promise<ThreadId> {
  const page = await stream.history(offset - 1, 1);
  return page.events[0]?.threadId ?? asked;
}
