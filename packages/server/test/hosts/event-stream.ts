import type { RunningHost } from './running-host.ts';
import { until } from './visitor.ts';

/** A client of Server-Sent Events that reads by hand. */
export class EventStream {
  readonly #abort = new AbortController();
  #text = '';
  #isOver = false;

  static async of(
    host: RunningHost,
    userId: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventStream> {
    const stream = new EventStream();
    const answer = await stream.#open(host, userId, headers);
    void stream.#read(answer);
    return stream;
  }

  /** One whose body waits to be read. */
  static async unread(host: RunningHost, userId: string): Promise<{ read(): EventStream }> {
    const stream = new EventStream();
    const answer = await stream.#open(host, userId, {});
    return {
      read() {
        void stream.#read(answer);
        return stream;
      },
    };
  }

  /** Ids of the events that came. */
  get ids(): readonly string[] {
    return [...this.#text.matchAll(/^id: (.+)\ndata: /gm)].map(([, id = '']) => id);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async contains(text: string): Promise<void> {
    await until(
      () => this.#text.includes(text),
      () => `'${text}' in ${this.#text.length} characters of an event stream: …${this.#text.slice(-300)}`,
    );
  }

  abort(): void {
    this.#abort.abort();
  }

  async #open(host: RunningHost, userId: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    const answer = await fetch(`${host.api}/v1/events`, {
      headers: { cookie: `session=${userId}`, accept: 'text/event-stream', ...headers },
      signal: this.#abort.signal,
    });
    if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      throw new Error(`no event stream: ${answer.status} ${await answer.text()}`);
    }
    return answer;
  }

  async #read({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body ?? []) this.#text += decoder.decode(chunk, { stream: true });
    } catch {
      // It was cut off, or aborted.
    }
    this.#isOver = true;
  }
}
