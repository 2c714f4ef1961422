import {
  isWebSocketError,
  WebSocketError,
  type EventInput,
  type ProtocolEvents,
  type RunId,
  type ThreadId,
} from '@ws/types';
import type { Clock, Timer } from '../clock.ts';
import type { LogEvent } from '../log/event-log.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { StreamKey } from '../stream-key.ts';
import {
  CANCELLED_BY_USER,
  cancelledByUser,
  closingEvents,
  LEFT_BY_AGENT,
  type ClosingStatus,
  type RunEnding,
} from '../run/closing-events.ts';
import { endReservedRun, messageOf } from './reserved-run.ts';
import { runKey, type RunKey } from '../run/run-key.ts';
import type { ToolCallEntry } from '../run/run-table.ts';
import type { LocalRun } from './local-run.ts';

/** What the desk needs of its hub. */
export interface RunDeskOptions {
  readonly clock: Clock;
  readonly cancelGraceMs: number;
  readonly onError: (error: unknown) => void;
  readonly emit: (stream: UserStream, events: readonly EventInput[]) => Promise<readonly EmitReceipt[]>;
  /** Whether runs that are to answer messages begin elsewhere: until then only their messages tell of them. */
  readonly isAgentElsewhere: boolean;
  /** A run that was emitted here has ended, be it by another process. */
  readonly onEnded: (stream: StreamKey, runId: RunId) => void;
}

/** A run that was reserved for a user and has not begun. */
interface ExpectedRun {
  readonly threadId: ThreadId;
  /** Aborted with the run, and by what makes its beginning useless. */
  readonly cancellation: AbortController;
  /** The handler that is to answer with the run has not returned. */
  isAnswering: boolean;
  /** Its agent has left it while the handler was at work. */
  isLeft: boolean;
}

/** A run as far as the right to touch it goes by it: by its own thread, never by the one that a request names. */
export interface KnownRun {
  /** Missing for a run of no thread, which every connection of the user sees. */
  readonly threadId?: ThreadId | undefined;
}

/** The runs emitted in this process, and what can be done to any run from outside: cancel, decide, interrupt. */
export class RunRegistry {
  readonly #options: RunDeskOptions;
  readonly #local = new Map<RunKey, { readonly stream: UserStream; readonly run: LocalRun }>();
  /** Runs that are going to be ended from here, unless their agents do. */
  readonly #closeTimers = new Map<RunKey, Timer>();
  #isStopped = false;
  /** Runs that were reserved for a user and have not begun, oldest first. */
  readonly #expected = new Map<RunKey, ExpectedRun>();

  constructor(options: RunDeskOptions) {
    this.#options = options;
  }

  /** Whether a run is emitted in this process. */
  isLocal(stream: StreamKey, runId: RunId): boolean {
    return this.#local.has(runKey(stream, runId));
  }

  /**
   * A run of this id was reserved and will begin here: it can be cancelled before it does.
   *
   * @returns a signal that is aborted when the run is cancelled or ended from outside, and when the process drains before the run began
   */
  expect(stream: StreamKey, runId: RunId, threadId: ThreadId): AbortSignal {
    const cancellation = new AbortController();
    this.#expected.set(runKey(stream, runId), { threadId, cancellation, isAnswering: true, isLeft: false });
    if (this.#expected.size > MAX_EXPECTED_RUNS) {
      const oldest = this.#expected.keys().next();
      if (oldest.done !== true) this.#expected.delete(oldest.value);
    }
    return cancellation.signal;
  }

  /**
   * Follows a run that is emitted here through its stream, so that it learns of its end and of decisions, wherever made.
   * Returns what undoes it, for a run that could not be started.
   *
   * @throws `RUN_ALREADY_STARTED` if another run of this id is emitted here
   */
  adopt(stream: UserStream, run: LocalRun): () => void {
    const key = runKey(stream.key, run.runId);
    if (this.#local.has(key)) {
      throw new WebSocketError('RUN_ALREADY_STARTED', `agent_started: run ${run.runId} was started before`);
    }
    this.#local.set(key, { stream, run });
    const cancellation = this.#expected.get(key)?.cancellation;
    if (isCancelled(cancellation?.signal)) this.#askToEnd(stream, run);
    else run.signal.addEventListener('abort', () => cancellation?.abort(run.signal.reason), { once: true });
    const stop = stream.watchRun(run.runId, (event) => {
      if (this.#pass(stream.key, run, event)) stop();
    });
    return () => {
      this.#local.delete(key);
      stop();
    };
  }

  /** What this process knows of a run: open, ended, or reserved here and not begun. The stream has to be in memory. */
  known(stream: UserStream, runId: RunId): KnownRun | undefined {
    const key = runKey(stream.key, runId);
    return stream.runs.get(runId) ?? stream.runs.ended(runId) ?? this.#local.get(key)?.run ?? this.#expected.get(key);
  }

  /** As {@link known}, and asks the log for a run that this process does not know. */
  async find(stream: UserStream, runId: RunId): Promise<KnownRun | undefined> {
    await lookUpRun(stream, runId);
    return this.known(stream, runId) ?? this.#reservedElsewhere(stream, runId);
  }

  /**
   * Whether a run can go on: it is open, or reserved.
   *
   * @throws `RUN_NOT_OPEN`, `RUN_CANCELLED`, `RUN_ALREADY_COMPLETED`
   */
  async assertGoesOn(stream: UserStream, runId: RunId): Promise<void> {
    const run = await this.find(stream, runId);
    const status = stream.runs.endedStatus(runId);
    if (status === 'cancelled')
      throw new WebSocketError('RUN_CANCELLED', `run ${runId} was cancelled by its user: stop working on it`);
    if (status !== undefined) throw new WebSocketError('RUN_ALREADY_COMPLETED', `run ${runId} has ended (${status})`);
    if (run === undefined) throw new WebSocketError('RUN_NOT_OPEN', `there is no run ${runId}`);
  }

  async #reservedElsewhere(stream: UserStream, runId: RunId): Promise<KnownRun | undefined> {
    return this.#options.isAgentElsewhere ? messageOf(stream, runId) : undefined;
  }

  /**
   * Cancels a run: its agent is told and has a moment to end it; a run without an agent here is ended at once. Cancelling a
   * cancelled run again is fine.
   *
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`
   */
  async cancel(stream: UserStream, runId: RunId): Promise<void> {
    const key = runKey(stream.key, runId);
    await lookUpRun(stream, runId);
    const local = this.#local.get(key);
    if (local !== undefined) return this.#askToEnd(stream, local.run);
    if (stream.runs.get(runId) !== undefined) return this.close(stream, runId, 'cancelled', CANCELLED_BY_USER);
    // Promised, not begun: it will find itself cancelled when it begins.
    const expected = stream.runs.endedStatus(runId) === undefined ? this.#expected.get(key) : undefined;
    if (expected !== undefined) expected.cancellation.abort(cancelledByUser(runId));
    else if (!(await this.#cancelReserved(stream, runId))) assertCancelled(stream, runId);
  }

  /** Ends a run before its agent, which is elsewhere, has begun it. */
  async #cancelReserved(stream: UserStream, runId: RunId): Promise<boolean> {
    const { isAgentElsewhere, emit } = this.#options;
    if (!isAgentElsewhere || stream.runs.endedStatus(runId) !== undefined) return false;
    const ending = { status: 'cancelled', error: CANCELLED_BY_USER } as const;
    if (await endReservedRun(stream, runId, emit, ending)) return true;
    // The agent was faster.
    const hasBegun = stream.runs.get(runId) !== undefined;
    if (hasBegun) await this.close(stream, runId, ending.status, ending.error);
    return hasBegun;
  }

  /** Tells the agent of a run that its user cancelled, and gives it a moment. */
  #askToEnd(stream: UserStream, run: LocalRun): void {
    const key = runKey(stream.key, run.runId);
    run.cancel();
    if (this.#closeTimers.has(key)) return;
    this.#closeLater(this.#options.cancelGraceMs, stream, run.runId, 'cancelled', CANCELLED_BY_USER);
  }

  #closeLater(ms: number, stream: UserStream, runId: RunId, status: ClosingStatus, reason: string): void {
    const key = runKey(stream.key, runId);
    this.#closeTimers.get(key)?.cancel();
    const timer = this.#options.clock.after(ms, () => {
      this.close(stream, runId, status, reason).catch(this.#options.onError);
    });
    this.#closeTimers.set(key, timer);
  }

  /** Ends a run whose owner fell silent. Does nothing if it has ended. */
  async interrupt(stream: UserStream, runId: RunId): Promise<boolean> {
    await lookUpRun(stream, runId);
    if (stream.runs.get(runId) === undefined) return false;
    await this.close(stream, runId, 'interrupted', 'the agent stopped responding');
    return true;
  }

  /** Ends every run emitted here, and tells agents whose runs have not begun: this process goes away, and its agents with it. */
  async interruptLocal(): Promise<void> {
    const draining = new WebSocketError('DRAINING', 'the server is going away: the run cannot begin here');
    for (const [key, { cancellation }] of this.#expected) if (!this.#local.has(key)) cancellation.abort(draining);
    await Promise.all(
      [...this.#local.values()].map(async ({ stream, run }) => {
        await this.interrupt(stream, run.runId).catch(this.#options.onError);
      }),
    );
  }

  /**
   * Ends a run that its agent does not end: tool calls still open fail first. Does nothing if it has ended. One that is emitted here and
   * can't be ended now is tried again: no other process would, as long as this process keeps its lease.
   */
  async close(stream: UserStream, runId: RunId, status: ClosingStatus, reason: string): Promise<void> {
    await stream.load();
    if (stream.runToCome(runId) === undefined) return;
    try {
      await this.end(stream, runId, { status, error: reason }, reason);
    } catch (error) {
      if (isWebSocketError(error) && ENDED.has(error.code)) return;
      if (this.isLocal(stream.key, runId) && !this.#isStopped) {
        this.#closeLater(RETRY_MS, stream, runId, status, reason);
      }
      throw error;
    }
  }

  /**
   * Ends a run that its agent left without an end.
   *
   * `await using` disposes of a run before the handler that held it rejects, and a disposer does not get the error of its block. So the
   * end of a run whose handler is at work waits for the handler: with its error as the reason, where it throws. It waits for a moment,
   * not for the next microtask, because resources that the handler opened before the run are disposed of in between.
   */
  async leave(stream: UserStream, { runId, signal }: LocalRun): Promise<void> {
    if (signal.aborted) return this.close(stream, runId, 'cancelled', CANCELLED_BY_USER);
    const expected = this.#expected.get(runKey(stream.key, runId));
    if (expected?.isAnswering !== true) return this.close(stream, runId, 'failed', LEFT_BY_AGENT);
    expected.isLeft = true;
    this.#closeLater(LEFT_GRACE_MS, stream, runId, 'failed', LEFT_BY_AGENT);
  }

  /** The handler of a reserved run has returned without an error: a run that was left in it ends now. */
  async answered(stream: UserStream, runId: RunId): Promise<void> {
    const expected = this.#expected.get(runKey(stream.key, runId));
    if (expected === undefined) return;
    expected.isAnswering = false;
    if (expected.isLeft) await this.close(stream, runId, 'failed', LEFT_BY_AGENT);
  }

  /**
   * Ends a run at its agent's word: tool calls still open fail first, with `reason`.
   *
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`, `RUN_CANCELLED`
   */
  async end(stream: UserStream, runId: RunId, ending: RunEnding, reason: string): Promise<EmitReceipt> {
    await stream.load();
    // The run may call another tool, or complete one, between the look and the append: look again then.
    for (;;) {
      const run = stream.runToCome(runId);
      const now = this.#options.clock.now();
      // The log may hold more of the run than this process has seen of it: it judges the bare end.
      const unknown = { runId, threadId: undefined, toolCalls: new Map<string, ToolCallEntry>(), startedAt: now };
      const elapsedMs = this.#local.get(runKey(stream.key, runId))?.run.elapsedMs;
      const events = closingEvents(run ?? unknown, ending, reason, now, elapsedMs);
      try {
        const receipts = await this.#options.emit(stream, events);
        const last = receipts.at(-1);
        if (last !== undefined) return last;
      } catch (error) {
        if (!isWebSocketError(error) || !TOOL_CALLS_CHANGED.has(error.code)) throw error;
      }
    }
  }

  /** The wall clock was set, or the machine suspended. */
  clockStepped(): void {
    for (const { run } of this.#local.values()) run.clockStepped();
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#closeTimers.values()) timer.cancel();
    this.#closeTimers.clear();
  }

  /** Passes an event on to the run it is about; tells whether it was the run's last. */
  #pass(stream: StreamKey, run: LocalRun, event: LogEvent): boolean {
    const { payload } = toRunEvent(event);
    if (event.type === 'tool_approval_resolved') {
      const { tool_call_id, ...decision } = payload as unknown as ProtocolEvents['tool_approval_resolved'];
      run.decide(tool_call_id, decision);
    }
    if (event.type !== 'agent_completed') return false;
    const key = runKey(stream, run.runId);
    this.#local.delete(key);
    this.#expected.delete(key);
    this.#closeTimers.get(key)?.cancel();
    this.#closeTimers.delete(key);
    this.#options.onEnded(stream, run.runId);
    run.finished((payload as unknown as ProtocolEvents['agent_completed']).status);
    return true;
  }
}

/** After how long a run that could not be ended is tried again. */
const RETRY_MS = 5_000;

/** How long a run that its agent left waits for the error of its handler, while the handler goes on. */
const LEFT_GRACE_MS = 1_000;

/** Whether it was the user who aborted it. */
function isCancelled(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && isWebSocketError(signal.reason) && signal.reason.code === 'RUN_CANCELLED';
}

/** More reserved runs than a process can keep waiting for their beginning. */
const MAX_EXPECTED_RUNS = 10_000;

/** The tool calls of the run were others when the events were judged than when they were made. */
const TOOL_CALLS_CHANGED: ReadonlySet<string> = new Set(['TOOL_CALLS_OPEN', 'TOOL_CALL_NOT_EXECUTING']);

/** The run has its end already. */
const ENDED: ReadonlySet<string> = new Set(['RUN_ALREADY_COMPLETED', 'RUN_CANCELLED', 'RUN_NOT_OPEN']);

/** Loads the stream, and asks the log for a run that was never heard of here: another process may just have started it. */
async function lookUpRun(stream: UserStream, runId: RunId): Promise<void> {
  await stream.load();
  if (stream.runs.get(runId) === undefined && stream.runs.endedStatus(runId) === undefined) await stream.refresh();
}

function assertCancelled(stream: UserStream, runId: RunId): void {
  const status = stream.runs.endedStatus(runId);
  if (status === 'cancelled') return;
  if (status === undefined) throw new WebSocketError('RUN_NOT_OPEN', `cancel_run: there is no run ${runId}`);
  throw new WebSocketError('RUN_ALREADY_COMPLETED', `cancel_run: run ${runId} has ended (${status})`);
}
