import { within } from './within.ts';

/** One block of a Server-Sent Events stream. */
export interface StreamBlock {
  readonly id: string;
  /** Name of the event; empty for those that a page's `onmessage` sees. */
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads Server-Sent Events with nothing but `fetch`. */
export class EventStream implements AsyncDisposable {
  readonly response: Response;
  readonly blocks: StreamBlock[] = [];
  #text = '';
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    if (response.body === null) throw new Error('the answer has no body');
    this.response = response;
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> {
    const abort = new AbortController();
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal });
    return new EventStream(response, abort);
  }

  /** Blocks that carry events of the user's stream. */
  get events(): readonly StreamBlock[] {
    return this.blocks.filter(({ event }) => event === '');
  }

  /** Reads on until the condition holds. */
  async until(condition: () => boolean, what: string, ms = 8_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!condition()) {
      const left = deadline - Date.now();
      const { done, value = '' } = await within(
        left,
        () => `${what}; so far ${this.blocks.length}`,
        this.#reader.read(),
      );
      if (done) throw new Error(`the stream ended before ${what}`);
      this.#take(value);
    }
  }

  /** Reads to the end of the stream. */
  async toEnd(ms = 8_000): Promise<void> {
    for (;;) {
      const { done, value = '' } = await within(ms, 'the stream ends', this.#reader.read());
      if (done) return;
      this.#take(value);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reader.cancel().catch(() => undefined);
  }

  #take(chunk: string): void {
    const parts = (this.#text + chunk).split('\n\n');
    this.#text = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(':')) continue;
      const fields = new Map(
        part.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
      );
      const data = JSON.parse(fields.get('data') ?? 'null') as StreamBlock['data'];
      this.blocks.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data });
    }
  }
}
