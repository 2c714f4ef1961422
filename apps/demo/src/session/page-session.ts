import { createClient, type Client } from '@ws/client';
import { PageStore } from '../state/page-store.ts';
import { CuttableNetwork } from './cuttable-socket.ts';
import { errorText } from './error-text.ts';
import { readWireNotes, RoundTrip } from './wire-notes.ts';

/** How long the button keeps the network away, in milliseconds. */
export const CUT_MS = 4_000;
const PING_EVERY_MS = 5_000;
const FIRST_PING_MS = 800;

/**
 * One user's client, which a `WebSocketProvider` hands to the page, with a network that can be cut; and the page's own store, which
 * follows that client. Does nothing before {@link PageSession.start}.
 */
export class PageSession {
  readonly userId: string;
  readonly client: Client;
  readonly store = new PageStore();
  readonly #network: CuttableNetwork;
  readonly #roundTrip: RoundTrip;
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
    this.client = createClient({
      url: '/ws',
      token: () => fetchDevToken(userId),
      from: 'earliest',
      backoff: { minMs: 400, maxMs: 5_000 },
      WebSocket: this.#network.WebSocket,
      fetch: this.#network.fetch,
    });
    this.#follow(this.client);
  }

  start(): void {
    this.client.connect();
    this.#timers.push(window.setInterval(() => this.#ping(), PING_EVERY_MS));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#network.restore();
    this.client.close();
  }

  /** Takes the network away for {@link CUT_MS}. */
  cut(): void {
    if (this.#network.isCut) return;
    const at = Date.now();
    this.store.add({ kind: 'cut', at, until: at + CUT_MS });
    this.#network.cut();
    this.#timers.push(window.setTimeout(() => this.#restore(), CUT_MS));
  }

  #restore(): void {
    this.#network.restore();
    this.store.add({ kind: 'cut_over' });
    this.client.connect();
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
    client.on('state', (state) => store.add({ kind: 'client_state', state, at: Date.now() }));
    client.on('mode', (mode) => store.add({ kind: 'mode', mode }));
    client.on('error', (error) => store.add({ kind: 'problem', message: errorText(error) }));
  }
}

/** Asks the server, which runs in development mode, for a token of this user. */
async function fetchDevToken(userId: string): Promise<string> {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  });
  if (!response.ok) throw new Error(`no token for ${userId}: ${await reasonOf(response)}`);
  const body = (await response.json()) as { readonly token: string };
  return body.token;
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { readonly error?: { readonly message?: string } };
    return body.error?.message ?? `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}
