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

export interface UserMessagesOptions {
  readonly handler: UserMessageHandler | undefined;
  /** Open runs of one user. */
  readonly maxOpenRuns: number;
  readonly onError: (error: unknown) => void;
  readonly isDraining: () => boolean;
  /** A run was promised to a user. */
  readonly expectRun: (stream: StreamKey, runId: RunId) => void;
}

/**
 * Takes the messages of users to the agent, each once. The message is in the user's stream before it is accepted, its ids are
 * derived from `message_id`, so that the same message gets the same answer from any process, also after a crash.
 */
export class UserMessages {
  readonly #options: UserMessagesOptions;
  /** Runs whose handler was called here, newest last: most are not in their stream yet when a message is repeated. */
  readonly #called = new Set<RunKey>();
  /** Runs that are about to begin, by stream: their message is being taken, or their handler is at work. */
  readonly #beginning = new Map<StreamKey, Set<RunId>>();

  constructor(options: UserMessagesOptions) {
    this.#options = options;
  }

  /**
   * Accepts a message and has it answered.
   *
   * @throws `NO_AGENT`, `DRAINING`, `RUN_LIMIT`, and the errors of `emit`
   */
  async accept(
    frame: UserMessageFrame,
    stream: UserStream,
    manager: UnifiedWebSocketManager,
  ): Promise<{ readonly threadId: ThreadId; readonly runId: RunId }> {
    const { handler, isDraining, expectRun } = this.#options;
    if (handler === undefined) {
      throw new WebSocketError('NO_AGENT', 'no agent on this server answers messages: set onUserMessage');
    }
    // A run begun now would die with this process: the client asks again where it connects next.
    if (isDraining()) throw new WebSocketError('DRAINING', 'the server is going away: send it again after a reconnect');
    const messageId = toMessageId(frame.message_id);
    const runId = toRunId(`run-${messageId}`);
    const key = runKey(stream.key, runId);
    const isNew = (): boolean => !this.#called.has(key) && !isKnown(stream, runId);
    // Before the message is in the stream: one that was taken is answered.
    const letGo = isNew() ? this.#makeRoom(stream, runId) : () => undefined;
    const asked = threadOf(frame, manager);
    try {
      const receipt = await manager.emit({
        type: 'user_message',
        event_id: `user_message:${messageId}`,
        thread_id: asked,
        payload: { message_id: messageId, text: frame.payload.text },
      });
      const threadId = receipt.duplicate ? await threadAt(stream, receipt.offset, asked) : asked;
      if (isNew()) {
        expectRun(stream.key, runId);
        const message = { messageId, text: frame.payload.text, threadId, runId };
        void this.#start(key, handler, message, manager).finally(letGo);
      } else {
        letGo();
      }
      return { threadId, runId };
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /**
   * Keeps a place for a run that is about to begin. Returns what gives it back.
   *
   * @throws `RUN_LIMIT` if the runs that are open and those that are about to begin leave none
   */
  #makeRoom(stream: UserStream, runId: RunId): () => void {
    const { key, runs } = stream;
    const beginning = this.#beginning.get(key) ?? new Set();
    // The same message twice at once is one.
    if (beginning.has(runId)) return () => undefined;
    const count = runs.openCount + [...beginning].filter((one) => !isKnown(stream, one)).length;
    if (count >= this.#options.maxOpenRuns) {
      throw new WebSocketError('RUN_LIMIT', `the user has ${count} open runs: wait for one to end, or cancel one`);
    }
    this.#beginning.set(key, beginning.add(runId));
    return () => {
      beginning.delete(runId);
      if (beginning.size === 0) this.#beginning.delete(key);
    };
  }

  /** Calls the handler. Resolves when it has returned, or what it left undone is settled. */
  async #start(
    key: RunKey,
    handler: UserMessageHandler,
    message: AcceptedUserMessage,
    manager: UnifiedWebSocketManager,
  ): Promise<void> {
    this.#remember(key);
    // The client is told `accepted` first; whatever the handler does comes after.
    await Promise.resolve()
      .then(() => handler(message, manager))
      .catch((error: unknown) => this.#failRun(error, message, manager))
      .catch((error: unknown) => {
        // Neither answered nor failed: the message may be tried again.
        this.#called.delete(key);
        this.#options.onError(error);
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
    this.#options.onError(error);
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
