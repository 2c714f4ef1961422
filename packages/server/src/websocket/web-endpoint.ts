import type { Authentication } from '@ws/core/internal';
import { systemClock, type Clock } from '@ws/core/log';
import { refusalOf } from '@ws/core/ws';
import { isWebSocketError, WebSocketError } from '@ws/types';
import { callerOf, ipOf, type Caller } from '../http/caller.ts';
import { AFewInATurn } from './a-few-in-a-turn.ts';
import { WebPeerSocket, type WebPeer } from './web-peer-socket.ts';
import { assertMayOpen, assertOffersProtocol, type WebSocketEndpointOptions } from './websocket-endpoint.ts';

/** A socket that is open or about to be: the WebSocket of the web, of Deno, of `ws`, or what Vercel's functions hand over. */
export interface OpenWebSocket {
  readonly readyState: number;
  /** Bytes that the runtime has not handed to the operating system. Absent: nothing bounds what waits for a slow peer. */
  readonly bufferedAmount?: number;
  send(text: string): unknown;
  close(code?: number, reason?: string): unknown;
  terminate?(): unknown;
  ping?(): unknown;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  /** `ws` tells of pings and pongs here. */
  on?(type: 'ping' | 'pong', listener: () => void): unknown;
}

/** What the check of an upgrade has found. */
export interface Admission {
  readonly caller: Caller;
  readonly url: URL;
  /** Who it is, where the upgrade carried a credential. */
  readonly authentication?: Authentication | undefined;
  /** Why the peer is not let in: it is told when the socket is open. */
  readonly refusal?: WebSocketError | undefined;
}

const CONNECTING = 0;
/** Stands for the address of an upgrade that is not known. */
const UNKNOWN_URL = new URL('http://server/ws');

/** Takes WebSockets of runtimes and frameworks that do the handshake themselves. */
export class WebEndpoint {
  readonly #options: WebSocketEndpointOptions;
  readonly #clock: Clock;
  readonly #inTurn: AFewInATurn;
  readonly #open = new Set<WebPeerSocket>();
  #onAllClosed: () => void = () => undefined;

  constructor(options: WebSocketEndpointOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#inTurn = new AFewInATurn(clock);
  }

  /**
   * Checks an upgrade before it is taken: subprotocol, origin, limits, credential. A bad credential is no error here: the peer is told of
   * it once it is open.
   *
   * @throws the error that the upgrade is to be refused with
   */
  async check(request: Request, address: string | undefined): Promise<Admission> {
    const caller = callerOf(request, address);
    await new Promise<void>((resolve) => this.#inTurn.add(resolve));
    try {
      this.#options.assertAnswered(caller);
      assertOffersProtocol(caller);
    } catch (error) {
      throw this.#refused(error);
    }
    const admission = await this.#admit(caller, new URL(request.url));
    if (admission.refusal !== undefined && !refusalOf(admission.refusal).inProtocol) throw admission.refusal;
    return admission;
  }

  /** Takes a socket that is open. */
  open(peer: WebPeer, admission: Admission): WebPeerSocket {
    const socket = this.#adopt(peer);
    this.#letIn(socket, admission);
    return socket;
  }

  /** Takes a socket whose upgrade was not checked: the peer is told of a refusal in the protocol. */
  attach(peer: OpenWebSocket, request: Request | undefined, address: string | undefined): void {
    const caller =
      request === undefined
        ? { headers: {}, socket: { remoteAddress: address } }
        : callerOf(request, address ?? ipOf(request));
    const url = request === undefined ? UNKNOWN_URL : new URL(request.url);
    const socket = this.#adopt(peer);
    peer.addEventListener('message', ({ data }) => socket.receive(data));
    peer.addEventListener('close', ({ code }) => socket.gone(code));
    // `close` follows.
    peer.addEventListener('error', () => undefined);
    peer.on?.('ping', () => socket.heard());
    peer.on?.('pong', () => socket.heard());
    const begin = (): void => void this.#admit(caller, url).then((admission) => this.#letIn(socket, admission));
    if (peer.readyState === CONNECTING) peer.addEventListener('open', begin);
    else begin();
  }

  /** Resolves when no socket is open. */
  async closed(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onAllClosed = resolve));
  }

  /** Cuts off the peers that have not answered the closing handshake. */
  cutOff(): void {
    for (const socket of this.#open) socket.terminate();
  }

  async #admit(caller: Caller, url: URL): Promise<Admission> {
    const { hub, addresses, credentials } = this.#options;
    try {
      assertMayOpen(caller, this.#options);
      // It is counted when it is open: a peer that goes away before is never heard of again.
      addresses.assertRoom(caller);
      const authentication = await credentials.ofRequest(caller, url);
      return { caller, url, authentication, refusal: hub.refusalFor(whoOf(authentication)) };
    } catch (error) {
      return { caller, url, refusal: this.#refused(error) };
    }
  }

  #adopt(peer: WebPeer): WebPeerSocket {
    const { maxMessageBytes, metrics } = this.#options;
    const socket = new WebPeerSocket(peer, { clock: this.#clock, maxMessageBytes });
    this.#open.add(socket);
    socket.on('close', (code) => {
      metrics.closed(code);
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#onAllClosed();
    });
    return socket;
  }

  #letIn(socket: WebPeerSocket, { caller, url, authentication, refusal }: Admission): void {
    const { hub, assertAnswered, addresses, credentials } = this.#options;
    // What is counted until it closes would be counted for ever.
    if (socket.isGone) return;
    if (refusal !== undefined) return socket.refuse(refusalOf(refusal));
    try {
      // The address may be known since the socket is open, and no earlier.
      assertAnswered(caller);
      const who = whoOf(authentication);
      const late = hub.refusalFor(who);
      if (late !== undefined) throw late;
      addresses.enter(caller, socket);
      socket.start(hub.accept(socket, { authenticate: credentials.ofFrames(caller, url), ...who }));
    } catch (error) {
      socket.refuse(refusalOf(this.#refused(error)));
    }
  }

  /** Notes a refusal. What is not one of the protocol is a fault of this side. */
  #refused(error: unknown): WebSocketError {
    const { metrics, logger } = this.#options;
    const refusal = isWebSocketError(error)
      ? error
      : new WebSocketError('INTERNAL', 'the connection could not be opened', { cause: error });
    metrics.refused(refusal.code);
    if (refusal.code === 'INTERNAL') logger.error({ err: error }, 'an upgrade failed');
    return refusal;
  }
}

function whoOf(authentication: Authentication | undefined): { readonly authentication?: Authentication } {
  return authentication === undefined ? {} : { authentication };
}
