import { createClient, type Client, type ClientState } from '../../../packages/client/src/index.ts';

const CONNECTED: ReadonlySet<ClientState['status']> = new Set(['catching_up', 'live', 'lagging']);

/** A tab that notes what it receives and for how long it is away each time. */
export class WatchedTab {
  readonly #client: Client;
  /** The number that each event carries, in the order in which they came. */
  readonly numbers: number[] = [];
  /** In milliseconds. */
  readonly away: number[] = [];
  #leftAt: number | undefined;
  #hasBeenHere = false;

  constructor(url: () => string, token: string) {
    this.#client = createClient({ url: () => `${url()}/ws`, token, from: 'earliest' });
    this.#client.on('*', ({ payload }) => this.numbers.push(Number((payload as { n?: number }).n)));
    this.#client.on('state', ({ status }) => this.#note(CONNECTED.has(status)));
    this.#client.connect();
  }

  close(): void {
    this.#client.close();
  }

  #note(isHere: boolean): void {
    if (!isHere && this.#hasBeenHere) this.#leftAt ??= performance.now();
    if (!isHere) return;
    if (this.#leftAt !== undefined) this.away.push(performance.now() - this.#leftAt);
    this.#leftAt = undefined;
    this.#hasBeenHere = true;
  }
}
