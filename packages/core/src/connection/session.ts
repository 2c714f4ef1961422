import {
  CLOSE_CODES,
  exceedsJsonDepth,
  isWebSocketError,
  publicMessage,
  parseClientFrame,
  refOfRefused,
  toConnectionId,
  WebSocketManagerMode,
  type ClientFrame,
  type CloseReason,
  type ErrorCode,
  type HelloFrame,
  type WebSocketConnection,
} from '@ws/types';
import type { Timer } from '../clock.ts';
import type { ClockStep } from '../clock-watch.ts';
import type { Authenticate, Authentication } from '../authentication.ts';
import { closeReasonFor, CredentialCheck } from './credential-check.ts';
import { CredentialWatch } from './credential-watch.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { controlFrame } from '../stream/frame.ts';
import { handleFrame } from './frame-handler.ts';
import { Heartbeat } from './heartbeat.ts';
import { InboundLimit } from '../stream/inbound-limit.ts';
import { openConnection, type OpenedConnection } from './open-connection.ts';
import type { SessionServices } from './session-services.ts';

/** What a session is told about its peer. */
export interface AcceptOptions {
  /** Who it is, where the upgrade carried a credential. */
  readonly authentication?: Authentication;
  /** Checks the tokens of `hello` and `auth` frames. Without it only `authentication` lets anybody in. */
  readonly authenticate?: Authenticate;
}

/** Messages that may wait while the credential of `hello` is checked. */
const MAX_EARLY_MESSAGES = 32;
/** Time a peer that sent too much has to see why it is closed. */
const CUT_OFF_MS = 1_000;

type SessionState =
  | { readonly kind: 'hello_expected'; readonly timer: Timer }
  | { readonly kind: 'opening'; readonly early: string[]; readonly timer: Timer }
  | { readonly kind: 'open'; readonly opened: OpenedConnection; readonly credential: CredentialWatch }
  | { readonly kind: 'closed' };

/**
 * The inbound side of one socket, from the upgrade to the close. Socket adapters hand it what arrives; nothing is taken from a
 * peer before it said `hello` and its credential was found good.
 *
 * ```
 * hello_expected ──hello──▶ opening ──credential good, stream loaded──▶ open
 *        any of them ──violation, timeout, close──▶ closed
 * ```
 */
export class Session {
  readonly #socket: ConnectionSocket;
  readonly #check: CredentialCheck;
  readonly #services: SessionServices;
  readonly #heartbeat: Heartbeat;
  readonly #limit: InboundLimit;
  #state: SessionState;

  /** @internal */
  constructor(socket: ConnectionSocket, options: AcceptOptions, services: SessionServices) {
    this.#socket = socket;
    this.#check = new CredentialCheck(options, services);
    this.#services = services;
    this.#heartbeat = new Heartbeat(socket, services.clock, services.wheel, services.options.heartbeatMs, () =>
      this.#fail('HEARTBEAT_TIMEOUT', 'nothing was heard for two heartbeat intervals', 'TIMEOUT'),
    );
    this.#limit = new InboundLimit(services.options.inboundRates, services.clock);
    const timer = services.wheel.after(services.options.helloTimeoutMs, () =>
      this.#fail('HELLO_TIMEOUT', `no good hello within ${services.options.helloTimeoutMs} ms`, 'TIMEOUT'),
    );
    this.#state = { kind: 'hello_expected', timer };
  }

  /** The connection, once `hello` was answered. */
  get connection(): WebSocketConnection | undefined {
    return this.#state.kind === 'open' ? this.#state.opened.connection : undefined;
  }

  /** What the connection rests on, once `hello` was answered. */
  get credential(): Authentication | undefined {
    return this.#state.kind === 'open' ? this.#state.credential.current : undefined;
  }

  /**
   * A text message arrived.
   *
   * @param bytes - its length on the wire, where the adapter knows it
   */
  receive(text: string, bytes = text.length): void {
    const state = this.#state;
    if (state.kind === 'closed' || !this.#admit(bytes)) return;
    this.#heartbeat.heard();
    if (state.kind !== 'opening') this.#read(text);
    else if (state.early.length < MAX_EARLY_MESSAGES) state.early.push(text);
    else this.#fail('RATE_LIMITED', 'too many frames before connection_ready', 'RATE_LIMITED');
  }

  #read(text: string): void {
    const { maxJsonDepth } = this.#services.options;
    if (exceedsJsonDepth(text, maxJsonDepth)) {
      this.#services.counters.tooDeep += 1;
      this.#fail('BAD_JSON', `the frame is nested deeper than ${maxJsonDepth} levels`, 'PROTOCOL_ERROR');
      return;
    }
    const parsed = parseClientFrame(text);
    if (parsed.ok) this.#take(parsed.value);
    else if (parsed.code === 'INVALID_FRAME' && this.#state.kind === 'open') this.#answerInvalid(text, parsed.message);
    else this.#fail(parsed.code, parsed.message, 'PROTOCOL_ERROR');
  }

  /** A frame the protocol knows, with a field that is wrong: its sender is told, and the connection goes on. */
  #answerInvalid(text: string, message: string): void {
    if (this.#state.kind !== 'open') return;
    const ref = refOfRefused(text);
    this.#state.opened.connection.sendControl({
      type: 'error',
      code: 'INVALID_FRAME',
      message,
      fatal: false,
      ...(ref === undefined ? {} : { ref }),
    });
  }

  /** A binary message arrived: not part of v1. */
  receiveBinary(): void {
    this.#fail('BINARY_FRAME', 'binary frames are not part of this protocol: send JSON text', 'PROTOCOL_ERROR');
  }

  /** A WebSocket pong or ping arrived. */
  heard(): void {
    if (this.#state.kind === 'closed' || !this.#admit(0)) return;
    this.#heartbeat.heard();
    // The library answers pings; a peer that never reads its pongs would let them pile up without an end.
    const { outboundBudgetBytes, maxEventBytes } = this.#services.options;
    // An event that begins within the budget ends beyond it, and takes up to twice its length in parts.
    if (this.#socket.bufferedBytes > outboundBudgetBytes + 3 * maxEventBytes) this.close('OVERLOADED');
  }

  /** Whether the peer, and all connections of its user together, may still send a frame. If not, the connection is closed. */
  #admit(bytes: number): boolean {
    const { options, counters } = this.#services;
    const ofUser = this.#state.kind === 'open' ? this.#state.opened.stream.inbound : undefined;
    const ofConnection = this.#limit.take(bytes);
    const excess = ofConnection ?? ofUser?.take(bytes);
    if (excess === undefined) return true;
    counters.rateLimited += 1;
    const { framesPerSecond, bytesPerSecond } =
      ofConnection === undefined ? options.userInboundRates : options.inboundRates;
    const most = excess === 'frames' ? `${framesPerSecond} frames` : `${bytesPerSecond} bytes`;
    const whose = ofConnection === undefined ? 'the connections of one user' : 'a connection';
    this.#fail('RATE_LIMITED', `${whose} may send ${most} per second: connect again, slower`, 'RATE_LIMITED');
    return false;
  }

  /** The socket has taken everything that was sent. */
  drained(): void {
    if (this.#state.kind === 'open') this.#state.opened.connection.drained();
  }

  /** The socket has taken some of what waits for it, and more waits: a pong of this peer waits behind all of it. */
  headway(): void {
    if (this.#state.kind === 'closed') return;
    this.#heartbeat.heard();
    if (this.#state.kind === 'open') this.#state.opened.connection.headway();
  }

  /** The socket is gone. */
  closed(): void {
    const state = this.#state;
    this.#leave();
    if (state.kind === 'open') state.opened.connection.closed();
  }

  /** Whether events of the stream or bytes of the socket are still to be sent. */
  get behind(): boolean {
    return this.#state.kind === 'open' && this.#state.opened.connection.behind;
  }

  /** Tells the client that the server goes away, and when to connect again. */
  announceDrain(reconnectAfterMs: number): void {
    if (this.#state.kind !== 'open') return;
    const { connection } = this.#state.opened;
    connection.sendControl({ type: 'server_draining', reconnect_after_ms: reconnectAfterMs });
  }

  /** Tells the client how the hub works from now on. */
  announceMode(mode: WebSocketManagerMode, reason: string): void {
    if (this.#state.kind !== 'open') return;
    const { connection, stream } = this.#state.opened;
    // Back to normal means isolated where that is the normal.
    const own = mode === WebSocketManagerMode.UNIFIED ? this.#services.modes.modeFor(stream.isolatedThread) : mode;
    connection.sendControl({ type: 'mode_changed', mode: own, reason });
  }

  /** Ends the session if its credential was revoked. */
  recheckCredential(): void {
    if (this.#state.kind !== 'open') return;
    try {
      this.#check.assertNotRevoked(this.#state.credential.current);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** The wall clock was set, or the machine suspended: the credential expires at a moment on it. */
  clockStepped(step: ClockStep): void {
    if (this.#state.kind === 'open') this.#state.credential.clockStepped(step);
  }

  /** Ends the session from this side. */
  close(reason: CloseReason): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    if (state.kind === 'open') state.opened.connection.close(reason);
    else this.#socket.close(CLOSE_CODES[reason].code, CLOSE_CODES[reason].meaning);
    this.#leave();
  }

  #take(frame: ClientFrame): void {
    const state = this.#state;
    switch (state.kind) {
      case 'hello_expected':
        if (frame.type !== 'hello') {
          this.#fail('HELLO_EXPECTED', `the first frame has to be hello, got ${frame.type}`, 'PROTOCOL_ERROR');
          return;
        }
        // The time limit holds until the connection is open: checking a credential may hang, too.
        this.#state = { kind: 'opening', early: [], timer: state.timer };
        this.#open(frame).catch((error: unknown) => this.#refuse(error));
        return;
      case 'open':
        // The closing handshake is under way: what still arrives has no right to be heard.
        if (!state.opened.connection.open) return;
        if (frame.type === 'hello') this.#fail('HELLO_EXPECTED', 'hello is said once', 'PROTOCOL_ERROR');
        else handleFrame(frame, { ...state.opened, credential: state.credential, services: this.#services });
        return;
      case 'opening':
      case 'closed':
    }
  }

  async #open(hello: HelloFrame): Promise<void> {
    const authentication = await this.#check.ofHello(hello);
    this.#services.sessionAuthenticated(this);
    const opened = await openConnection(
      toConnectionId(this.#services.ids.next()),
      this.#socket,
      hello,
      authentication,
      this.#services,
      () => {
        this.#check.assertNotRevoked(authentication);
        return this.#state.kind === 'opening';
      },
    );
    const state = this.#state;
    if (opened === undefined) return;
    if (state.kind !== 'opening') {
      opened.connection.closed();
      return;
    }
    const credential = new CredentialWatch(opened.connection, authentication, this.#check.authenticate, this.#services);
    state.timer.cancel();
    this.#state = { kind: 'open', opened, credential };
    this.recheckCredential();
    for (const text of state.early) this.#read(text);
  }

  #refuse(error: unknown): void {
    if (!isWebSocketError(error)) {
      this.#services.onError(error);
      this.#fail('INTERNAL', 'the connection could not be opened', 'OVERLOADED');
      return;
    }
    this.#fail(error.code, publicMessage(error), closeReasonFor(error.code));
  }

  /** Tells the peer what is wrong and closes. */
  #fail(code: ErrorCode, message: string, reason: CloseReason): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    const frame = { type: 'error', code, message, fatal: true } as const;
    if (state.kind === 'open') state.opened.connection.sendControl(frame);
    else this.#socket.send([controlFrame(frame)]);
    this.close(reason);
    if (code === 'HEARTBEAT_TIMEOUT') this.#socket.terminate();
    // A flood does not wait for the closing handshake.
    if (code === 'RATE_LIMITED') this.#services.clock.after(CUT_OFF_MS, () => this.#socket.terminate());
  }

  #leave(): void {
    const state = this.#state;
    if (state.kind === 'hello_expected' || state.kind === 'opening') state.timer.cancel();
    if (state.kind === 'open') state.credential.stop();
    this.#heartbeat.stop();
    this.#state = { kind: 'closed' };
    this.#services.sessionEnded(this);
  }
}
