import {
  isWebSocketError,
  toMessageId,
  toThreadId,
  WebSocketError,
  type RunId,
  type ThreadId,
  type UserMessageFrame,
} from '@ws/types';
import type { AgentCalls } from './agent-calls.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import type { HubCounters } from '../observe/metrics.ts';
import { CANCELLED_BY_USER, LEFT_BY_AGENT, shownReason, type ClosingStatus } from '../run/closing-events.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { RunRegistry } from './run-registry.ts';
import { runKey, type RunKey } from '../run/run-key.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';
import { isBegun, isKnown, messageAt, UNNAMED_AGENT } from './reserved-run.ts';
import { messageEventId, reservedRunId } from '../run/reserved-ids.ts';
import type { AcceptedUserMessage, UserMessage, UserMessageHandler } from './user-message.ts';

/** A handler may return before its run starts, so calls are remembered; a client repeats what it sent lately. */
const MAX_REMEMBERED_CALLS = 10_000;

/** What helps, whoever runs the server. */
const NO_AGENT =
  'no agent answers messages on this server: give createServer onUserMessage or agent, or set WS_AGENT_URL or WS_AGENT_INBOX';

export interface UserMessagesOptions {
  readonly handler: UserMessageHandler | undefined;
  /** Open runs of one user. */
  readonly maxOpenRuns: number;
  readonly counters: Pick<HubCounters, 'runLimited'>;
  readonly onError: (error: unknown) => void;
  readonly isDraining: () => boolean;
  readonly runs: Pick<RunRegistry, 'isLocal' | 'expect' | 'answered' | 'close'>;
  readonly leases: Pick<LeaseKeeper, 'adopt' | 'adoptNow' | 'disown' | 'withdraw'>;
  /** The calls to an agent elsewhere, in place of the handler. */
  readonly calls: Pick<AgentCalls, 'assertRoom' | 'runsOf'> | undefined;
}

/**
 * Takes the messages of users to the agent, each once. The message is in the user's stream before it is accepted, its ids are
 * derived from `message_id`, so that the same message gets the same answer from any process, also after a crash.
 *
 * The run that answers has a lease before it begins: if the process dies in between, another one ends it. A message that is
 * repeated to another process before its run has begun may reach the agent in both; one of them begins the run.
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
   * @param judgeStored - throws if the requester has no right to a message that stands in the stream under the same id, in another
   * thread or with another text
   * @throws `NO_AGENT`, `DRAINING`, `RUN_LIMIT`, `ID_CONFLICT` for another message under a used `message_id`, the errors of
   * `judgeStored` and of `emit`
   */
  async accept(
    frame: UserMessageFrame,
    stream: UserStream,
    manager: UnifiedWebSocketManager,
    judgeStored: (message: AcceptedUserMessage) => Promise<void>,
  ): Promise<AcceptedUserMessage> {
    const { handler, calls, isDraining, leases } = this.#options;
    if (handler === undefined && calls === undefined) throw new WebSocketError('NO_AGENT', NO_AGENT);
    // A run begun now would die with this process: the client asks again where it connects next.
    if (isDraining()) throw new WebSocketError('DRAINING', 'the server is going away: send it again after a reconnect');
    const messageId = toMessageId(frame.message_id);
    const runId = reservedRunId(messageId);
    const key = runKey(stream.key, runId);
    const isNew = (): boolean => !this.#called.has(key) && !isKnown(stream, runId);
    // Before the message is in the stream: one that was taken is answered.
    const letGo = isNew() ? this.#makeRoom(stream, runId) : () => undefined;
    const asked = { messageId, runId, threadId: threadOf(frame, manager), text: frame.payload.text };
    if (isNew() && !calls?.runsOf(stream.key).has(runId)) calls?.assertRoom();
    // Its lease is made before the message is in the log: none is there that nobody would ever answer for.
    if (isNew() && handler !== undefined) leases.adopt(stream.key, runId);
    try {
      const receipt = await manager.emit({
        type: 'user_message',
        event_id: messageEventId(messageId),
        thread_id: asked.threadId,
        payload: { message_id: messageId, text: asked.text },
      });
      // An agent elsewhere has a call in the log, which its message was written behind.
      if (isNew() && handler !== undefined) {
        if (receipt.duplicate) leases.adoptNow(stream.key, runId);
        void this.#start(stream, handler, asked, manager).finally(letGo);
      } else {
        letGo();
        this.#leave(stream, runId);
      }
      return asked;
    } catch (error) {
      letGo();
      this.#leave(stream, runId);
      if (isConflict(error)) await this.#judgeStored(stream, error, asked, judgeStored);
      throw error;
    }
  }

  /** A message that stands in the stream with other content is the requester's to know of only with a right to it. */
  async #judgeStored(
    stream: UserStream,
    conflict: WebSocketError,
    asked: AcceptedUserMessage,
    judge: (message: AcceptedUserMessage) => Promise<void>,
  ): Promise<void> {
    const { offset } = conflict.details;
    const stored = typeof offset === 'number' ? await messageAt(stream, offset) : undefined;
    if (stored !== undefined) await judge({ ...asked, text: stored.text, threadId: stored.threadId ?? asked.threadId });
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
    const reserved = new Set([...beginning, ...(this.#options.calls?.runsOf(key) ?? [])]);
    if (reserved.has(runId)) return () => undefined;
    const count = runs.openCount + [...reserved].filter((one) => !isKnown(stream, one)).length;
    if (count >= this.#options.maxOpenRuns) {
      this.#options.counters.runLimited += 1;
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
    stream: UserStream,
    handler: UserMessageHandler,
    message: AcceptedUserMessage,
    manager: UnifiedWebSocketManager,
  ): Promise<void> {
    const { runs, leases, onError } = this.#options;
    const { runId } = message;
    const key = runKey(stream.key, runId);
    this.#remember(key);
    // Also where a repetition that was refused in the meantime has disowned it.
    leases.adopt(stream.key, runId);
    const asked = { ...message, manager, signal: runs.expect(stream.key, runId, message.threadId) };
    let isAnswered = true;
    // The client is told `accepted` first; whatever the handler does comes after.
    await Promise.resolve()
      .then(() => handler(asked))
      .then(
        async () => {
          await runs.answered(stream, runId);
          await this.#endUnwanted(stream, asked);
        },
        (error: unknown) => this.#failRun(error, stream, asked),
      )
      .catch((error: unknown) => {
        // Neither answered nor failed: the message may be tried again.
        this.#called.delete(key);
        isAnswered = false;
        onError(error);
      });
    if (isAnswered) await this.#withdraw(stream, runId);
    // Where nobody tries again, somebody finds the lease lapsed and ends the run.
    else leases.disown(stream.key, runId);
  }

  /** The run is not going to begin here, unless it was begun meanwhile. */
  #leave(stream: UserStream, runId: RunId): void {
    const { runs, leases } = this.#options;
    if (this.#called.has(runKey(stream.key, runId)) || runs.isLocal(stream.key, runId)) return;
    leases.disown(stream.key, runId);
  }

  /** The handler is done: if it began no run, none is expected of this process. */
  async #withdraw(stream: UserStream, runId: RunId): Promise<void> {
    const { leases } = this.#options;
    try {
      await stream.load();
      if (!isKnown(stream, runId)) leases.withdraw(stream.key, runId);
    } catch {
      // The log is away: whoever finds the lease lapsed looks into it.
      leases.disown(stream.key, runId);
    }
  }

  #remember(key: RunKey): void {
    this.#called.add(key);
    if (this.#called.size <= MAX_REMEMBERED_CALLS) return;
    const oldest = this.#called.keys().next();
    if (oldest.done !== true) this.#called.delete(oldest.value);
  }

  /** The run of an agent that throws ends with the message of the error, so that the user sees why. */
  async #failRun(error: unknown, stream: UserStream, asked: UserMessage): Promise<void> {
    const { runId, signal } = asked;
    const { runs, onError } = this.#options;
    const isOfAbort = signal.aborted && (error === signal.reason || isAbortError(error));
    // Another process answers, to which the message was repeated: the run is in good hands.
    if (!isOfAbort && isBegun(error) && !runs.isLocal(stream.key, runId)) return;
    if (!isOfAbort) onError(error);
    await this.#endRun(stream, asked, shownReason(error) || LEFT_BY_AGENT);
  }

  /** A run that was cancelled before it began, and does not begin: the client waits for its end all the same. */
  async #endUnwanted(stream: UserStream, asked: UserMessage): Promise<void> {
    const { runId, signal } = asked;
    if (!signal.aborted || isKnown(stream, runId) || this.#options.runs.isLocal(stream.key, runId)) return;
    await this.#endRun(stream, asked, CANCELLED_BY_USER);
  }

  /** Ends the run, and begins it before if its agent has not. */
  async #endRun(stream: UserStream, { runId, threadId, manager, signal }: UserMessage, failure: string): Promise<void> {
    const { runs } = this.#options;
    try {
      await manager.startRun({ agentName: UNNAMED_AGENT, runId, threadId });
    } catch (error) {
      if (!isBegun(error)) throw error;
      // Another process answers.
      if (!runs.isLocal(stream.key, runId)) return;
    }
    const [status, reason] = endingBy(signal, failure);
    await runs.close(stream, runId, status, reason);
  }
}

/** How a run ends that its agent has left. */
function endingBy({ aborted, reason }: AbortSignal, failure: string): readonly [ClosingStatus, string] {
  if (!aborted) return ['failed', failure];
  if (isWebSocketError(reason) && reason.code === 'DRAINING') return ['interrupted', 'the agent stopped responding'];
  return ['cancelled', CANCELLED_BY_USER];
}

/** What `fetch` and others throw whose signal was aborted. */
function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function isConflict(error: unknown): error is WebSocketError {
  return isWebSocketError(error) && error.code === 'ID_CONFLICT';
}

/** The thread a message is meant for: the one it names, or the one its manager is bound to, or a new one. */
export function threadOf(frame: UserMessageFrame, manager: UnifiedWebSocketManager): ThreadId {
  if (frame.thread_id !== undefined) return toThreadId(frame.thread_id);
  return manager.isolatedThread ?? toThreadId(`thread-${frame.message_id}`);
}
