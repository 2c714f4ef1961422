import { SIGNAL_NAMES, WebSocketError, type OpenRun, type SignalName, type StreamPosition } from '@ws/types';
import { callbackFailed } from './callback-failed.ts';
import type {
  ApprovalAnswer,
  Client,
  ClientHandlers,
  OutgoingMessage,
  RequestOptions,
  SentMessage,
  SetThreadsOptions,
  Unsubscribe,
  WaitOptions,
} from './client.ts';
import { ApprovalReader } from './approval-reader.ts';
import { isConnected, type ClientState } from './client-state.ts';
import { CredentialRefresh } from './credential-refresh.ts';
import { Cursor } from './cursor.ts';
import { Inbox, type EventListeners, type SignalListeners } from './inbox.ts';
import { Lifecycle } from './lifecycle.ts';
import { Listeners } from './listeners.ts';
import { watchPage } from './page-signals.ts';
import { Progress } from './progress.ts';
import { createId } from './random.ts';
import { Readers } from './readers.ts';
import { Requests } from './requests.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { loadPosition, savePosition } from './stored-position.ts';
import type { StreamItem } from './stream-item.ts';
import type { Transport } from './transport.ts';

/** Wires the parts of a client together; each does its job in a file of its own. */
export class StreamClient implements Client {
  readonly #options: ResolvedOptions;
  readonly #handlers: EventListeners;
  readonly #signals: SignalListeners;
  readonly #cursor: Cursor;
  readonly #readers: Readers;
  readonly #requests: Requests;
  readonly #progress: Progress;
  readonly #refresh: CredentialRefresh;
  readonly #lifecycle: Lifecycle;
  readonly #inbox: Inbox;
  #isLoaded = false;
  #unwatchPage: Unsubscribe | null = null;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    const { clock, store } = options;
    const report = (error: WebSocketError): void => {
      if (!this.#signals.emit('error', error)) console.error(error);
    };
    this.#signals = new Listeners((name, cause) => {
      // The handler of errors can't be told of its own.
      if (name === 'error') console.error(cause);
      else report(callbackFailed(`handler of ${name}`, cause));
    });
    this.#handlers = new Listeners((name, cause) => report(callbackFailed(`handler of ${name}`, cause)));
    this.#cursor = new Cursor(options.from);
    this.#readers = new Readers({
      progressed: () => {
        this.#progressed();
        if (this.#readers.drained) this.#lifecycle.unpause();
      },
    });
    this.#requests = new Requests({
      clock,
      timeoutMs: options.requestTimeoutMs,
      send: (text) => {
        if (isConnected(this.state)) this.#lifecycle.sendText(text);
      },
      giveUp: (text) => this.#lifecycle.giveUp(text),
    });
    this.#progress = new Progress({
      clock,
      intervalMs: options.ackIntervalMs,
      ack: (offset) => isConnected(this.state) && this.#lifecycle.send({ type: 'ack', offset }),
      save: (position) => {
        const { userId } = this;
        const owner = userId === null ? {} : { userId };
        if (store !== undefined) void savePosition(store, { ...position, ...owner }, report);
      },
    });
    this.#refresh = new CredentialRefresh(options, (frame) => this.#lifecycle.send(frame), report);
    this.#lifecycle = new Lifecycle(options, {
      prepare: () => this.#load(report),
      hello: () => ({
        type: 'hello',
        batch: options.batch,
        parts: true,
        ...(this.#cursor.resume === undefined ? {} : { resume: this.#cursor.resume }),
        ...(this.threads === null ? {} : { threads: this.threads }),
      }),
      receive: (frame) => this.#inbox.receive(frame),
      stateChanged: (state) => this.#stateChanged(state),
      disconnected: () => this.#refresh.stop(),
      report,
    });
    this.#inbox = new Inbox({
      cursor: this.#cursor,
      readers: this.#readers,
      handlers: this.#handlers,
      signals: this.#signals,
      requests: this.#requests,
      approvals: new ApprovalReader({
        requests: this.#requests,
        openRuns: () => this.openRuns,
        read: (...read) => this.#inbox.argsRead(...read),
        report,
      }),
      progress: this.#progress,
      refresh: this.#refresh,
      lifecycle: this.#lifecycle,
      threads: options.threads ?? null,
      schemas: options.events,
      report,
      progressed: () => this.#progressed(),
    });
  }

  get state(): ClientState {
    return this.#lifecycle.state;
  }

  get transport(): Transport {
    return this.#lifecycle.transport;
  }

  get position(): StreamPosition | null {
    return this.#cursor.position;
  }

  get userId(): string | null {
    return this.#cursor.userId;
  }

  get openRuns(): readonly OpenRun[] {
    return this.#inbox.openRuns;
  }

  get threads(): readonly string[] | null {
    return this.#inbox.threads;
  }

  get mode(): Client['mode'] {
    return this.#inbox.mode;
  }

  connect(): void {
    this.#unwatchPage ??= watchPage(
      () => this.#lifecycle.wake(),
      () => this.#progress.flush(),
    );
    this.#lifecycle.connect();
  }

  close(): void {
    this.#progress.flush();
    this.#lifecycle.close('CLIENT_CLOSED');
  }

  on<Name extends keyof ClientHandlers>(name: Name, handler: ClientHandlers[Name]): Unsubscribe {
    // What is emitted under a name is what its handlers take.
    const call = handler as (...given: unknown[]) => unknown;
    return isSignal(name) ? this.#signals.add(name, call) : this.#handlers.add(name, call);
  }

  async ready({ signal }: WaitOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#refuseIfClosed();
    if (this.state.status === 'live') return;
    await new Promise<void>((resolve, reject) => {
      const settle = (how: () => void): void => {
        off();
        signal?.removeEventListener('abort', abort);
        how();
      };
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort reason is what the caller chose
      const abort = (): void => settle(() => reject(signal?.reason));
      const off = this.on('state', (state) => {
        if (state.status === 'live') settle(resolve);
        else if (state.status === 'closed') settle(() => reject(closedError(state)));
      });
      signal?.addEventListener('abort', abort);
    });
  }

  stream(options: WaitOptions = {}): AsyncIterableIterator<StreamItem> {
    return this.#readers.open({ ...options, size: this.#options.bufferSize });
  }

  async sendMessage(message: OutgoingMessage, options?: RequestOptions): Promise<SentMessage> {
    this.#refuseIfClosed();
    const { text, threadId, messageId = createId(this.#options.random) } = message;
    const thread = threadId === undefined ? {} : { thread_id: threadId };
    const { thread_id, run_id } = await this.#requests.request(
      { type: 'user_message', message_id: messageId, ...thread, payload: { text } },
      messageId,
      options,
    );
    return {
      messageId,
      ...(thread_id === undefined ? {} : { threadId: thread_id }),
      ...(run_id === undefined ? {} : { runId: run_id }),
    };
  }

  async setThreads(threads: readonly string[] | null, options: SetThreadsOptions = {}): Promise<StreamPosition> {
    this.#refuseIfClosed();
    const { from = 'latest', ...rest } = options;
    if (from !== 'latest' && from !== 'earliest') {
      throw new WebSocketError('INVALID_OPTION', "setThreads: from must be 'latest' or 'earliest'");
    }
    const requestId = createId(this.#options.random);
    const wanted = threads === null ? {} : { threads };
    const frame = { type: 'set_threads', request_id: requestId, ...wanted } as const;
    const { offset = 0 } = await this.#requests.request(frame, requestId, rest);
    const epoch = this.position?.epoch ?? '';
    if (from === 'latest') return { epoch, offset };
    this.#cursor.startOver();
    if (isConnected(this.state)) this.#lifecycle.reopen();
    return { epoch, offset: 0 };
  }

  async cancelRun(runId: string, options?: RequestOptions): Promise<void> {
    this.#refuseIfClosed();
    await this.#requests.request({ type: 'cancel_run', run_id: runId }, runId, options);
  }

  async answerApproval(answer: ApprovalAnswer, options?: RequestOptions): Promise<void> {
    this.#refuseIfClosed();
    const { runId, toolCallId, approved, reason } = answer;
    if (approved && this.#lacksArgs(runId, toolCallId)) {
      throw new WebSocketError(
        'APPROVAL_ARGS_OMITTED',
        `tool call ${toolCallId} can't be approved yet: its arguments are still being read`,
      );
    }
    const why = reason === undefined ? {} : { reason };
    await this.#requests.request(
      { type: 'tool_approval', run_id: runId, tool_call_id: toolCallId, approved, ...why },
      toolCallId,
      options,
    );
  }

  ack(offset?: number): void {
    const position = this.#cursor.position;
    if (this.#options.ack !== 'manual' || position === null) return;
    if (offset !== undefined && !Number.isSafeInteger(offset)) {
      throw new WebSocketError('INVALID_OPTION', 'ack takes the offset of an event');
    }
    this.#progress.advance({ ...position, offset: Math.min(offset ?? position.offset, position.offset) });
  }

  async #load(report: (error: WebSocketError) => void): Promise<void> {
    const { store } = this.#options;
    if (store === undefined || this.#isLoaded) return;
    const position = await loadPosition(store, this.#options, report);
    // Of several that were asked, the first to answer counts.
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    if (position !== null) this.#cursor.restore(position);
  }

  #progressed(): void {
    const position = this.#cursor.position;
    // Once closed, what a loop still reads from its buffer comes again after a restart, rather than never.
    if (this.#options.ack !== 'auto' || position === null || this.state.status === 'closed') return;
    const processed = this.#readers.processed(position);
    if (processed !== null) this.#progress.advance(processed);
  }

  #stateChanged(state: ClientState): void {
    if (state.status === 'closed') {
      this.#unwatchPage?.();
      this.#unwatchPage = null;
      this.#progress.flush();
      this.#requests.rejectAll(closedError(state));
      this.#readers.endAll();
    }
    this.#signals.emit('state', state);
  }

  #lacksArgs(runId: string, toolCallId: string): boolean {
    const run = this.openRuns.find(({ run_id }) => run_id === runId);
    const approval = run?.pending_approvals.find(({ tool_call_id }) => tool_call_id === toolCallId);
    return approval?.args_omitted === true;
  }

  #refuseIfClosed(): void {
    if (this.state.status === 'closed') throw closedError(this.state);
  }
}

function closedError(state: Extract<ClientState, { status: 'closed' }>): WebSocketError {
  const { reason, error } = state;
  return new WebSocketError('CLIENT_CLOSED', `the client is closed: ${reason}`, {
    details: { reason },
    ...(error === undefined ? {} : { cause: error }),
  });
}

function isSignal(name: string): name is SignalName {
  return (SIGNAL_NAMES as readonly string[]).includes(name);
}
