import type {
  EventType,
  NumberedEvent,
  OpenRun,
  ProtocolEvents,
  SignalName,
  StreamEvent,
  StreamPosition,
  WebSocketManagerMode,
} from '@ws/types';
import type { ClientSignals } from './client-signals.ts';
import type { ClientState } from './client-state.ts';
import type { EventContext, StreamItem } from './stream-item.ts';
import type { Transport } from './transport.ts';

/** Called with each event of a type. What it throws goes to the `error` signal and stops neither the others nor the stream. */
export type EventHandler<Type extends EventType = EventType> = (
  event: StreamEvent<Type>,
  context: EventContext,
) => unknown;

/** What {@link Client.on} takes by name: an event type, `'*'` for every event, or a signal. */
export type ClientHandlers = {
  readonly [Name in EventType | '*' | SignalName]: Name extends SignalName
    ? (value: ClientSignals[Name]) => unknown
    : EventHandler<Name extends EventType ? Name : EventType>;
};

/** Calls off what it was returned by. Calling it again does nothing. */
export type Unsubscribe = () => void;

/** Settings of one request. */
export interface RequestOptions {
  /** Time for the answer in milliseconds, reconnects included. @default ClientOptions.requestTimeoutMs */
  readonly timeoutMs?: number;
  /** Gives the request up: the promise rejects with the signal's reason. The server may still act on it. */
  readonly signal?: AbortSignal;
}

/** Settings of {@link Client.setThreads}. */
export interface SetThreadsOptions extends RequestOptions {
  /**
   * `'latest'`: what comes from now on, without a break. `'earliest'`: the stream starts over in these threads, from the oldest event kept:
   * `reset` follows, over a new connection. @default 'latest'
   */
  readonly from?: 'latest' | 'earliest';
}

/** A message of the user to an agent. */
export interface OutgoingMessage {
  readonly text: string;
  /** Thread it belongs to; without one the server opens one and names it in the answer. */
  readonly threadId?: string;
  /** Idempotency key, at most 100 characters: the same id again is the same message. @default a new one */
  readonly messageId?: string;
}

/** Answer to a message. */
export interface SentMessage {
  readonly messageId: string;
  readonly threadId?: string;
  /** The run that answers the message, where the server started one. */
  readonly runId?: string;
}

/** The user's decision on a tool call that asked for approval. */
export interface ApprovalAnswer {
  readonly runId: string;
  readonly toolCallId: string;
  readonly approved: boolean;
  /** At most 2000 characters. */
  readonly reason?: string;
}

/** Settings of something that waits. */
export interface WaitOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/**
 * One user's event stream, and the way to talk to the agents. Made by {@link createClient}.
 *
 * Requests (`sendMessage`, `cancelRun`, `answerApproval`, `setThreads`) wait for a connection, are sent again after a reconnect and settle
 * once. They reject with a `WebSocketError`: `REQUEST_TIMEOUT`, `CLIENT_CLOSED`, `INVALID_FRAME` (a field is wrong),
 * `MESSAGE_TOO_BIG`, or the code of the server's answer.
 */
export interface Client {
  /** Where the client stands; the same object until it changes. */
  readonly state: ClientState;
  /** How the connection at hand reaches the server, or the last one did. */
  readonly transport: Transport;
  /** Offset of the last event handed out, with its epoch; `null` before the first `connection_ready`. */
  readonly position: StreamPosition | null;
  /**
   * Whose stream this is: the user of the newest connection, or of the position that was stored. `null` before either is known. When another
   * user signs in, it changes with the `reset` that says so.
   */
  readonly userId: string | null;
  /** Runs that have started and not ended, with the approvals they wait for; a new array on each change. */
  readonly openRuns: readonly OpenRun[];
  /** The threads whose events come, as the server confirmed them; `null` is every thread that the credential allows. */
  readonly threads: readonly string[] | null;
  /** How the server works at the moment; `null` before the first `connection_ready`. */
  readonly mode: WebSocketManagerMode | null;

  /**
   * Connects, and stays connected. Does nothing while connected. While waiting to reconnect it connects at once. It also starts a new attempt
   * if the current one has had no answer for a second, because the network may have changed. After a close it starts again.
   */
  connect(): void;

  /** Closes for good: rejects open requests with `CLIENT_CLOSED` and ends all readers. A run goes on: only `cancelRun` ends it. */
  close(): void;

  /**
   * Calls `handler` with each event of a type, each once and with an offset, or with every event for `'*'` (also of application types that
   * are not declared); or with each signal of a name, see {@link ClientSignals}.
   *
   * @example
   * ```ts
   * const off = client.on('agent_thinking', (event) => append(event.run_id, event.payload.delta));
   * client.on('state', (state) => showBanner(state.status === 'waiting'));
   * ```
   */
  on<Name extends keyof ClientHandlers>(name: Name, handler: ClientHandlers[Name]): Unsubscribe;

  /**
   * Waits until the client is connected and has caught up (its state is `live`). Does not connect by itself.
   *
   * Rejects with `CLIENT_CLOSED` where the client is closed, or is closed meanwhile: `details.reason` says why, and `cause` is what the
   * server said. A server that can't be reached does not reject it: the client goes on trying. Give a signal for a limit.
   *
   * @example
   * ```ts
   * await client.ready({ signal: AbortSignal.timeout(10_000) });
   * ```
   */
  ready(options?: WaitOptions): Promise<void>;

  /**
   * The stream from now on, to be read in a loop that may take its time: events, and resets and snapshots in their place in the order. Up to
   * `bufferSize` items wait for the loop; a socket can't be told to read slower, so beyond that the client drops the connection (state
   * `paused`) and resumes after the last item buffered once half of them are read: nothing is lost and memory stays bounded. A loop that
   * awaits an answer of the server while its buffer is full waits in vain.
   *
   * Ends with the client (its state is `closed` then, with the reason) or the signal; never throws.
   *
   * @example
   * ```ts
   * for await (const item of client.stream({ signal })) {
   *   if (item.kind === 'event') await save(item.event);
   *   else if (item.kind === 'reset') await clear();
   * }
   * ```
   */
  stream(options?: WaitOptions): AsyncIterableIterator<StreamItem>;

  /**
   * Changes which threads the client sees, on the connection at hand. Events of the threads that are new follow from the position at which the
   * promise resolves; earlier ones are in the server's history, or come with `from: 'earliest'`. It holds until it is changed again: a
   * connection that is lost resumes with it.
   *
   * @param threads - 1 to 100 thread ids; `null` is every thread that the credential allows
   * @returns where the new view begins
   *
   * Also rejects with `THREAD_NOT_ALLOWED`: nothing has changed then.
   *
   * @example
   * ```ts
   * await client.setThreads(['t2']);
   * ```
   */
  setThreads(threads: readonly string[] | null, options?: SetThreadsOptions): Promise<StreamPosition>;

  /** Sends a message, once in effect however often the connection breaks. */
  sendMessage(message: OutgoingMessage, options?: RequestOptions): Promise<SentMessage>;

  /**
   * Asks a run to stop. Its `agent_completed` with status `cancelled` follows in the stream. Also rejects with `RUN_NOT_OPEN`
   * and `RUN_ALREADY_COMPLETED`.
   */
  cancelRun(runId: string, options?: RequestOptions): Promise<void>;

  /**
   * Approves or refuses a tool call. Also rejects with `APPROVAL_NOT_PENDING`: it lapsed, or another tab was first; and with
   * `APPROVAL_ARGS_OMITTED` where a call is approved whose arguments are still being read.
   */
  answerApproval(answer: ApprovalAnswer, options?: RequestOptions): Promise<void>;

  /** With `ack: 'manual'`: everything up to `offset` (default: the current position) is processed. Lower offsets are ignored. */
  ack(offset?: number): void;
}

// Types alone: a typed client is a client. They are for programs that do not declare their events once for all (`ApplicationEvents` of
// `@ws/types`): a library, or a page with two clients.

/** Name of an event of the protocol or of `Events`. */
export type TypedEventType<Events> = Extract<keyof (ProtocolEvents & Events), string>;

/** An event of the protocol or of `Events`, as a union discriminated by `type`. */
export type TypedStreamEvent<Events, Name extends TypedEventType<Events> = TypedEventType<Events>> = {
  [Type in Name]: NumberedEvent<Type, (ProtocolEvents & Events)[Type]>;
}[Name];

/** What {@link TypedClient.stream} gives. */
export type TypedStreamItem<Events> =
  | (Omit<Extract<StreamItem, { readonly kind: 'event' }>, 'event'> & { readonly event: TypedStreamEvent<Events> })
  | Exclude<StreamItem, { readonly kind: 'event' }>;

/** A client whose handlers get the events of `Events` beside those of the protocol. */
export type TypedClient<Events> = {
  on<Name extends TypedEventType<Events>>(
    name: Name,
    handler: (event: TypedStreamEvent<Events, Name>, context: EventContext) => unknown,
  ): Unsubscribe;
  on(name: '*', handler: (event: TypedStreamEvent<Events>, context: EventContext) => unknown): Unsubscribe;
  on<Name extends SignalName>(name: Name, handler: ClientHandlers[Name]): Unsubscribe;
  stream(options?: WaitOptions): AsyncIterableIterator<TypedStreamItem<Events>>;
} & Client;
