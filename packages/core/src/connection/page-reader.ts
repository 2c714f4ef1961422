import type { Offset } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { ConnectionServices } from './connection-services.ts';

/** What the reader needs of its connection. */
export interface PageReaderHost {
  readonly open: boolean;
  readonly position: Offset;
  /** A page is there, or the log is back: the connection wants its turn. */
  planDelivery(): void;
  /** What comes next is not to be had any more. */
  cutOff(): void;
}

/**
 * Reads the log for a connection that stands before the newest events in memory: a page at a time, which waits for the connection's
 * turn. In an outage the cursor stays where it is: what follows is still in the log when that is back.
 */
export class PageReader {
  readonly #host: PageReaderHost;
  readonly #stream: UserStream;
  readonly #services: ConnectionServices;
  #page: readonly LogEvent[] | undefined;
  #reading = false;

  constructor(host: PageReaderHost, stream: UserStream, services: ConnectionServices) {
    this.#host = host;
    this.#stream = stream;
    this.#services = services;
  }

  /** Whether a page is on its way. */
  get reading(): boolean {
    return this.#reading;
  }

  /** The page that has come, once. */
  take(): readonly LogEvent[] | undefined {
    const page = this.#page;
    this.#page = undefined;
    return page;
  }

  read(): void {
    this.#reading = true;
    const { pageReads, pageEvents } = this.#services;
    const host = this.#host;
    const read = async () => (host.open ? this.#stream.readPage(host.position, pageEvents) : []);
    pageReads.inTurn(read).then(
      (events) => this.#came(events),
      (error: unknown) => this.#failed(error),
    );
  }

  #came(events: readonly LogEvent[]): void {
    this.#reading = false;
    if (!this.#host.open) return;
    const [first] = events;
    // Retention overtook the cursor. A resume tells the client `reset`; nothing here patches over it.
    if (first === undefined || (first.prev ?? first.offset - 1) > this.#host.position) {
      this.#host.cutOff();
      return;
    }
    this.#page = events;
    this.#host.planDelivery();
  }

  #failed(error: unknown): void {
    if (!this.#host.open) return;
    const { breaker, onError } = this.#services;
    if (breaker.isOutage(error)) {
      void breaker.whenClosed().then(() => {
        this.#reading = false;
        this.#host.planDelivery();
      });
      return;
    }
    onError(error);
    this.#host.cutOff();
  }
}
