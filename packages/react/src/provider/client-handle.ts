import type { Client, SetThreadsOptions } from '@ws/client';
import type { WebSocketError } from '@ws/types';
import { ClientStore, type StoreParts } from '../store/client-store.ts';
import { nextFrame } from '../store/schedule.ts';
import { toWebSocketError } from '../store/to-web-socket-error.ts';

const SYSTEM: StoreParts = {
  schedule: nextFrame,
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** Longest time that a timer counts: what a component shows is asked for until it is in force. In milliseconds. */
const UNTIL_ANSWERED_MS = 2_147_483_647;

/**
 * What a provider hands to the hooks below it. The client is made when it is first needed: a server that renders needs none, and
 * has neither sockets nor an address for relative URLs.
 */
export class ClientHandle {
  readonly #make: () => Client;
  readonly #parts: StoreParts;
  #store: ClientStore | null = null;
  #holders = 0;

  constructor(make: () => Client, parts: StoreParts = SYSTEM) {
    this.#make = make;
    this.#parts = parts;
  }

  get client(): Client {
    return this.store.client;
  }

  get store(): ClientStore {
    return (this.#store ??= new ClientStore(this.#make(), this.#parts));
  }

  /** What the client receives from now on is known, whether a component reads it or not. */
  follow(): void {
    void this.store;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  readonly reconnect = (): void => this.client.connect();

  /**
   * Sees these threads until what is returned is called, also after a close, and where an earlier request is answered late.
   *
   * @param refused - told why the server does not allow them; the threads before stay in force
   */
  see(
    threads: readonly string[] | null,
    from: NonNullable<SetThreadsOptions['from']>,
    refused: (error: WebSocketError) => void,
  ): () => void {
    const { client } = this;
    const given = new AbortController();
    const { signal } = given;
    let isAsking = false;
    const ask = (): void => {
      if (isAsking || isSame(client.threads, threads)) return;
      isAsking = true;
      client
        .setThreads(threads, { from, signal, timeoutMs: UNTIL_ANSWERED_MS })
        .catch((cause: unknown) => {
          const error = toWebSocketError(cause);
          // A client that is closed asks when it is connected again.
          if (!signal.aborted && error.code !== 'CLIENT_CLOSED') refused(error);
        })
        .finally(() => {
          isAsking = false;
        });
    };
    ask();
    const subscriptions = [client.on('threads', ask), client.on('ready', ask)];
    return () => {
      given.abort();
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  /**
   * Connects until what is returned is called. Let go and held again at once, as StrictMode and Fast Refresh do, the connection stays.
   */
  hold(): () => void {
    const { client } = this;
    this.#holders += 1;
    client.connect();
    return () => {
      this.#holders -= 1;
      queueMicrotask(() => {
        if (this.#holders === 0) client.close();
      });
    };
  }
}

function isSame(left: readonly string[] | null, right: readonly string[] | null): boolean {
  return left === right || left?.join(' ') === right?.join(' ');
}

const handles = new WeakMap<Client, ClientHandle>();

/** The handle of a client that the application made: the same for every provider, so that what is known outlives them. */
export function handleOf(client: Client): ClientHandle {
  const known = handles.get(client);
  if (known !== undefined) return known;
  const handle = new ClientHandle(() => client);
  handles.set(client, handle);
  return handle;
}
