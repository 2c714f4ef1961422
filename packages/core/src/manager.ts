import {
  toRunId,
  toThreadId,
  toToolCallId,
  WebSocketError,
  type WebSocketManagerMode,
  type Epoch,
  type EventInput,
  type Offset,
  type RunId,
  type RunStatus,
  type StreamPosition,
  type ThreadId,
  type UserId,
  type WebSocketConnection,
} from '@ws/types';
import { durationOption } from './clock.ts';
import type { ConnectionSocket } from './connection/connection-socket.ts';
import type { AcceptOptions, Session } from './connection/session.ts';
import type { ManagerServices } from './hub/manager-services.ts';
import { lapsedApproval } from './agent/approval-deadlines.ts';
import { LocalRun } from './agent/local-run.ts';
import { toOpenRunInfo, type OpenRunInfo } from './run/run-table.ts';
import type { Run, RunOptions } from './agent/run.ts';
import type { EmitReceipt } from './stream/emit-receipt.ts';
import { followStream, type FollowedItem, type FollowOptions } from './stream/follow.ts';
import { decodeEvent, numberedText } from './stream/event-codec.ts';
import {
  readHistoryPage,
  type EncodedHistoryPage,
  type HistoryOptions,
  type HistoryPage,
} from './stream/history-page.ts';
import type { UserStream } from './stream/user-stream.ts';
import type { CheckedUserContext } from './user-context.ts';

/** The newest run of a thread: how it is, and where it lies in the user's stream. */
export interface LastRun {
  readonly runId: RunId;
  readonly threadId: ThreadId;
  readonly status: 'running' | RunStatus;
  /** Of the stream that the offsets belong to. */
  readonly epoch: Epoch;
  /** Offset of its `agent_started`. */
  readonly firstOffset: Offset;
  /** Offset of its `agent_completed`; while it is running, where the stream ends now. */
  readonly lastOffset: Offset;
}

/** A user's answer to an approval request. */
export interface ApprovalAnswer {
  readonly runId: string;
  readonly toolCallId: string;
  readonly approved: boolean;
  readonly reason?: string;
}

/** How a socket is taken by {@link UnifiedWebSocketManager.attach}. */
export interface AttachOptions extends Pick<AcceptOptions, 'authenticate'> {
  /** When the checked credential expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

export interface EmitOptions {
  /** Wait until the event was acknowledged, not only until it is in the log. */
  readonly confirm?: ConfirmOptions;
}

export interface ConfirmOptions {
  /** How long to wait for an acknowledgement, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/** A receipt that says whether the user's side has processed the event. */
export interface ConfirmedReceipt extends EmitReceipt {
  /** A connection of the user acknowledged the event in time. False loses nothing: the event is in the log. */
  readonly confirmed: boolean;
}

const DEFAULT_CONFIRM_MS = 10_000;

/**
 * Everything one user's agents and connections need, and nothing of any other user: it holds one stream, and no method takes a
 * user id. Get one from {@link getWebSocketManager}.
 *
 * @example
 * ```ts
 * const manager = getWebSocketManager({ userId: 'u1' });
 * await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'analyst' } });
 * ```
 */
export class UnifiedWebSocketManager {
  readonly userId: UserId;
  /** The thread this manager is bound to, in mode `isolated`. */
  readonly isolatedThread: ThreadId | undefined;
  readonly #context: CheckedUserContext;
  readonly #services: ManagerServices;

  private constructor(context: CheckedUserContext, services: ManagerServices) {
    this.userId = context.userId;
    this.isolatedThread = context.isolatedThread;
    this.#context = context;
    this.#services = services;
  }

  /** @internal The hub makes managers, one for each user. */
  static create(context: CheckedUserContext, services: ManagerServices): UnifiedWebSocketManager {
    return new UnifiedWebSocketManager(context, services);
  }

  /** How the manager works at the moment. */
  get mode(): WebSocketManagerMode {
    return this.#services.modes.modeFor(this.isolatedThread);
  }

  /** The user's open connections on this node, oldest first. */
  get connections(): readonly WebSocketConnection[] {
    return [...(this.#services.streamInMemory(this.#context.stream)?.connections ?? [])];
  }

  /** Highest offset that a connection of the user acknowledged on this node; 0 before the first `ack`. */
  get deliveredOffset(): Offset {
    return this.#services.streamInMemory(this.#context.stream)?.confirmations.deliveredOffset ?? 0;
  }

  /**
   * Emits one event to the user. Resolves when the log has it. A rejected event is in no stream: no resume will miss it.
   *
   * @param options - `confirm` waits further, until a connection of the user acknowledged the event
   * @throws `INVALID_EVENT`, `UNKNOWN_EVENT_TYPE`, `RESERVED_EVENT_TYPE`, `EVENT_TOO_BIG`, the `RUN_…` and `TOOL_CALL…` codes
   * for a wrong order, `ISOLATION_VIOLATION`, `INVALID_OPTION` for `confirm.timeoutMs`, and while the log is away `SPILL_FULL` or `EMIT_TIMEOUT`
   */
  emit(event: EventInput, options: { readonly confirm: ConfirmOptions }): Promise<ConfirmedReceipt>;
  emit(event: EventInput, options?: EmitOptions): Promise<EmitReceipt>;
  emit(event: EventInput, options?: EmitOptions): Promise<EmitReceipt | ConfirmedReceipt> {
    if (options?.confirm === undefined) return this.#services.emitOne(this.#stream, event);
    return this.#emitConfirmed(event, options.confirm);
  }

  /** Emits several events next to each other, in order, all or none. Throws as {@link emit} does. */
  emitAll(events: readonly EventInput[]): Promise<readonly EmitReceipt[]> {
    return this.#services.emit(this.#stream, events);
  }

  /**
   * Begins an agent run that is emitted from this process. Resolves when the log has its `agent_started`.
   *
   * @throws `RUN_ALREADY_STARTED`, `RUN_ALREADY_COMPLETED` and `RUN_CANCELLED` for a `runId` that was begun before, `RUN_LIMIT`, `INVALID_ID`,
   * and what {@link emit} throws
   * @example
   * ```ts
   * await using run = await manager.startRun({ agentName: 'analyst', task: 'Sum up the report', threadId: 't1' });
   * const lines = await run.tool('count_lines', { path: 'report.md' }, () => countLines('report.md'));
   * await run.write(`It has ${lines} lines.`);
   * await run.complete();
   * ```
   */
  async startRun(options: RunOptions): Promise<Run> {
    const threadId = options.threadId ?? this.isolatedThread;
    const run = new LocalRun(threadId === undefined ? options : { ...options, threadId }, {
      clock: this.#services.clock,
      newId: () => this.#services.ids.next(),
      emit: (event) => this.emit(event),
      adopt: (run) => this.#services.adoptRun(this.#stream, run),
      leave: (run) => this.#services.runs.leave(this.#stream, run),
      end: ({ runId }, ending, reason) => this.#services.runs.end(this.#stream, runId, ending, reason),
    });
    await run.begin();
    return run;
  }

  /** Takes a socket of this user, whose credential the caller has checked. The peer says `hello` next. */
  attach(socket: ConnectionSocket, options: AttachOptions = {}): Session {
    const { expiresAt, authenticate } = options;
    const { isolatedThread } = this;
    return this.#services.accept(socket, {
      authentication: {
        userId: this.userId,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(isolatedThread === undefined ? {} : { isolatedThread }),
      },
      ...(authenticate === undefined ? {} : { authenticate }),
    });
  }

  /**
   * Cancels a run, wherever it is emitted. Its agent's `signal` is aborted; a run that does not end by itself within the grace
   * time is ended for it. Cancelling again is fine.
   *
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`
   */
  async cancelRun(runId: string): Promise<void> {
    await this.#services.runs.cancel(this.#stream, toRunId(runId));
  }

  /**
   * Keeps a run alive that has nothing to emit: it counts as lost after {@link HubOptions.publisherLeaseMs} without a sign of life.
   *
   * @returns until when, in milliseconds since 1970
   * @throws `RUN_NOT_OPEN`, `RUN_CANCELLED`, `RUN_ALREADY_COMPLETED`
   */
  async extendRun(runId: string): Promise<number> {
    return this.#services.extendRun(this.#stream, toRunId(runId));
  }

  /** Ends a run as `interrupted`: for whoever notices that its agent is gone. Does nothing if it has ended. */
  async interruptRun(runId: string): Promise<boolean> {
    return this.#services.runs.interrupt(this.#stream, toRunId(runId));
  }

  /**
   * Answers an approval request. The same answer again is fine.
   *
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`, `APPROVAL_NOT_PENDING`
   */
  async answerApproval({ runId, toolCallId, approved, reason }: ApprovalAnswer): Promise<void> {
    const stream = this.#stream;
    await stream.load();
    const run = stream.runs.get(toRunId(runId));
    if (run?.decisions.get(toToolCallId(toolCallId)) === approved) return;
    const expiresAt = run?.approvals.get(toolCallId)?.expires_at;
    if (expiresAt !== undefined && expiresAt <= this.#services.clock.now()) {
      await this.emit(lapsedApproval(runId, toolCallId));
      const message = `the approval of tool call ${toolCallId} of run ${runId} has lapsed: the answer came too late`;
      throw new WebSocketError('APPROVAL_NOT_PENDING', message);
    }
    await this.emit({
      type: 'tool_approval_resolved',
      run_id: runId,
      payload: { tool_call_id: toolCallId, approved, ...(reason === undefined ? {} : { reason }) },
    });
  }

  /** Runs of the user that have started and not ended. */
  async openRuns(): Promise<readonly OpenRunInfo[]> {
    const stream = this.#stream;
    await stream.load();
    const now = this.#services.clock.now();
    return [...stream.runs.openRuns()].map((run) => toOpenRunInfo(run, now));
  }

  /**
   * The run of a thread that began last, also after its end and after a restart: to show a finished answer again, or to go on with one that
   * is under way. {@link follow} from `{ epoch, offset: firstOffset - 1 }` reads its events.
   *
   * The run is known for longer than its events: where retention has trimmed them, `firstOffset` is below `oldestOffset` of
   * {@link history}, and reading begins later (`reset`). The newest 1,000 ended runs of the user are known; `undefined` where the thread has
   * none among them, and none that is open.
   *
   * @throws `INVALID_ID`, `LOG_UNAVAILABLE` where the stream is not in memory
   * @example
   * ```ts
   * const last = await manager.lastRun('t1');
   * if (last?.status === 'running') console.log(`run ${last.runId} is at work`);
   * ```
   */
  async lastRun(threadId: string): Promise<LastRun | undefined> {
    const stream = this.#stream;
    await stream.load();
    const thread = toThreadId(threadId);
    const run = stream.runs.newestOf(thread);
    if (run === undefined) return undefined;
    return { ...run, threadId: thread, epoch: stream.epoch, lastOffset: run.lastOffset ?? stream.head };
  }

  /** Where the user's stream ends now. */
  async position(): Promise<StreamPosition> {
    const stream = this.#stream;
    await stream.load();
    return { epoch: stream.epoch, offset: stream.head };
  }

  /**
   * Reads a page of the user's events. It ends at `limit`, and before the event that would make it larger than 1 MiB; with `threads`
   * also where enough of the stream was looked through. A page that is not the last says in `nextAfter` where the next begins.
   *
   * @throws `LOG_UNAVAILABLE`
   * @example
   * ```ts
   * for (let after: number | undefined = 0; after !== undefined;) {
   *   const page = await manager.history({ after, limit: 1_000 });
   *   show(page.events);
   *   after = page.nextAfter;
   * }
   * ```
   */
  async history(options: HistoryOptions = {}): Promise<HistoryPage> {
    const { events, place } = await readHistoryPage(this.#stream, options);
    return { ...place, events: events.map(decodeEvent) };
  }

  /** @internal As {@link history}, without decoding: for a server that passes events on. */
  async encodedHistory(options: HistoryOptions = {}): Promise<EncodedHistoryPage> {
    const { events, place, bytesRead } = await readHistoryPage(this.#stream, options);
    return { ...place, texts: events.map(numberedText), bytesRead };
  }

  /**
   * Reads the user's stream from a place on, and goes on with what is appended, by whichever process. Each event comes once, in order.
   * While the log is unavailable it waits. It ends when `signal` is aborted, the loop is left, or the hub is closed.
   *
   * A slow reader delays no one: what it has not read stays in the log. If that is trimmed before it is read, or the position was of
   * another epoch, an item `reset` says so, and reading goes on with the oldest event that is kept.
   *
   * @throws `INVALID_OPTION` for a place that is none; errors of the log other than `LOG_UNAVAILABLE`
   * @example
   * ```ts
   * for await (const item of manager.follow({ from: 'earliest', threads: ['t1'], signal })) {
   *   if (item.kind === 'event') bridge.send(item.event);
   *   else if (item.kind === 'reset') bridge.clear();
   * }
   * ```
   */
  follow(options: FollowOptions = {}): AsyncIterable<FollowedItem> {
    const { from = 'latest' } = options;
    const isPlace = from === 'earliest' || from === 'latest' || Number.isSafeInteger(from.offset);
    if (!isPlace) throw new WebSocketError('INVALID_OPTION', 'follow: from must be earliest, latest or a position');
    const { log, clock, closing } = this.#services;
    return followStream({ stream: () => this.#stream, log, clock, closing }, options);
  }

  async #emitConfirmed(event: EventInput, confirm: ConfirmOptions): Promise<ConfirmedReceipt> {
    const timeoutMs = durationOption('confirm.timeoutMs', confirm.timeoutMs, DEFAULT_CONFIRM_MS);
    const receipt = await this.#services.emitOne(this.#stream, event);
    const { clock, onTiming } = this.#services;
    const startedAt = clock.monotonic();
    const confirmed = await this.#stream.confirmations.wait(receipt.offset, timeoutMs);
    if (confirmed) onTiming?.('confirm', clock.monotonic() - startedAt);
    return { ...receipt, confirmed };
  }

  get #stream(): UserStream {
    return this.#services.stream(this.#context.stream);
  }
}
