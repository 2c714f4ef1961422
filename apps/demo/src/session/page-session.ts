import { createClient, type Client } from '@ws/client';
import { PageStore } from '../state/page-store.ts';
import { CuttableNetwork } from './cuttable-socket.ts';
import { fetchDevToken } from './dev-token.ts';
import { errorText } from './error-text.ts';
import { randomId } from './random-id.ts';
import { readWireNotes } from './read-wire-notes.ts';
import { RoundTrip } from './round-trip.ts';
import { scheduleFrame } from './schedule-frame.ts';

/** How long the button keeps the network away, in milliseconds. */
export const CUT_MS = 4_000;
const PING_EVERY_MS = 5_000;
const FIRST_PING_MS = 800;

/** One user's connection and what the page knows through it. Does nothing before {@link PageSession.start}. */
export class PageSession {
  readonly userId: string;
  readonly store = new PageStore(scheduleFrame);
  readonly #network: CuttableNetwork;
  readonly #roundTrip: RoundTrip;
  readonly #client: Client;
  #timers: number[] = [];

  constructor(userId: string) {
    this.userId = userId;
    const { store } = this;
    this.#network = new CuttableNetwork((data) => {
      const { facts, pongs } = readWireNotes(data);
      if (facts.length > 0) store.add({ kind: 'wire', facts });
      for (const id of pongs) this.#roundTrip.pong(id);
    });
    this.#roundTrip = new RoundTrip(
      (text) => this.#network.send(text),
      (ms) => store.add({ kind: 'round_trip', ms }),
    );
    this.#client = createClient({
      url: '/ws',
      token: () => fetchDevToken(userId),
      from: 'earliest',
      backoff: { minMs: 400, maxMs: 5_000 },
      WebSocket: this.#network.WebSocket,
      fetch: this.#network.fetch,
    });
    this.#follow(this.#client);
  }

  start(): void {
    this.#client.connect();
    this.#timers.push(window.setInterval(() => this.#ping(), PING_EVERY_MS));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#network.restore();
    this.#client.close();
  }

  /** Tries at once, after a wait or a close. */
  connect(): void {
    this.#client.connect();
  }

  /** Takes the network away for {@link CUT_MS}. */
  cut(): void {
    if (this.#network.isCut) return;
    const at = Date.now();
    this.store.add({ kind: 'cut', at, until: at + CUT_MS });
    this.#network.cut();
    this.#timers.push(window.setTimeout(() => this.#restore(), CUT_MS));
  }

  send(threadId: string, text: string): void {
    this.resend(`m-${randomId(16)}`, threadId, text);
  }

  /** Sends a message again under its id: it is the same message, however often. */
  resend(messageId: string, threadId: string, text: string): void {
    this.store.add({ kind: 'message_sent', message: { messageId, threadId, text, at: Date.now() } });
    this.#client
      .sendMessage({ text, threadId, messageId })
      .catch((error: unknown) => this.store.add({ kind: 'message_failed', messageId, error: errorText(error) }));
  }

  drop(messageId: string): void {
    this.store.add({ kind: 'message_dropped', messageId });
  }

  /** Resolves to why it could not be done, or to `null`. */
  cancel(runId: string): Promise<string | null> {
    return outcome(this.#client.cancelRun(runId));
  }

  /** Resolves to why it could not be done, or to `null`. */
  answer(runId: string, toolCallId: string, approved: boolean): Promise<string | null> {
    return outcome(this.#client.answerApproval({ runId, toolCallId, approved }));
  }

  #restore(): void {
    this.#network.restore();
    this.store.add({ kind: 'cut_over' });
    this.#client.connect();
  }

  #ping(): void {
    if (document.visibilityState === 'visible') this.#roundTrip.ping();
  }

  #follow(client: Client): void {
    const { store } = this;
    client.on('*', (event, context) =>
      store.add({ kind: 'item', item: { kind: 'event', event, ...context }, at: Date.now() }),
    );
    client.on('volatile', (event) => store.add({ kind: 'item', item: { kind: 'volatile', event }, at: Date.now() }));
    client.on('reset', (ready) => store.add({ kind: 'item', item: { kind: 'reset', ready }, at: Date.now() }));
    client.on('runSnapshot', (snapshot) =>
      store.add({ kind: 'item', item: { kind: 'run_snapshot', snapshot }, at: Date.now() }),
    );
    client.on('ready', (ready) => {
      store.add({ kind: 'ready', ready, at: Date.now() });
      // The first moments are busy with replay, and would tell of that instead.
      this.#timers.push(window.setTimeout(() => this.#ping(), FIRST_PING_MS));
    });
    client.on('approvalsRead', (openRuns) => store.add({ kind: 'approvals_read', openRuns }));
    client.on('state', (state) => store.add({ kind: 'client_state', state, at: Date.now() }));
    client.on('mode', (mode) => store.add({ kind: 'mode', mode }));
    client.on('error', (error) => store.add({ kind: 'problem', message: errorText(error) }));
  }
}

async function outcome(request: Promise<void>): Promise<string | null> {
  try {
    await request;
    return null;
  } catch (error) {
    return errorText(error);
  }
}
