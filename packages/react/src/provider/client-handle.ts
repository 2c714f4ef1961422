import type { Client } from '@ws/client';
import { ClientStore, type StoreParts } from '../store/client-store.ts';
import { nextFrame } from '../store/schedule.ts';

const SYSTEM: StoreParts = {
  schedule: nextFrame,
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

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

const handles = new WeakMap<Client, ClientHandle>();

/** The handle of a client that the application made: the same for every provider, so that what is known outlives them. */
export function handleOf(client: Client): ClientHandle {
  const known = handles.get(client);
  if (known !== undefined) return known;
  const handle = new ClientHandle(() => client);
  handles.set(client, handle);
  return handle;
}
