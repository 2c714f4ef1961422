import { createClient } from '../../src/create-client.ts';
import type { Client } from '../../src/client.ts';
import type { StreamItem } from '../../src/stream-item.ts';
import type { Step } from './chaos-steps.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer, type LoggedEvent } from './fake-server.ts';
import { Received, textOf } from './received.ts';
import { settle } from './settle.ts';

/** A client, its server, and a network that is bad to both. */
export class Chaos {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly client: Client;
  /** What the handlers were given. */
  readonly handled = new Received();
  /** What a slow loop over `stream()` was given. */
  readonly read = new Received();
  /** Resets that the server meant, and those the application was told of. */
  readonly resets = { meant: 0, told: 0 };
  readonly #items: AsyncIterableIterator<StreamItem>;
  readonly #reads = { asked: 0, answered: 0 };
  #reading: Promise<void> = Promise.resolve();

  constructor(random: () => number) {
    const { server } = this;
    this.client = createClient({
      url: 'ws://server/ws',
      token: () => 'a.b.c',
      from: 'earliest',
      WebSocket: server.WebSocket,
      clock: this.clock,
      random,
      bufferSize: 8,
    });
    this.#items = this.client.stream();
    const answerTo = server.answerTo.bind(server);
    server.answerTo = (hello) => {
      const ready = answerTo(hello);
      if (ready.recovery === 'reset') this.resets.meant += 1;
      return ready;
    };
    this.client.on('error', () => {});
    this.client.on('reset', (ready) => {
      this.resets.told += 1;
      this.handled.startOver(ready.offset);
    });
    this.client.on('*', (event, { replaces }) => this.handled.take(event, replaces));
    this.client.on('volatile', (event) => this.handled.take(event, undefined));
    this.client.connect();
  }

  async run(step: Step): Promise<void> {
    const { server } = this;
    const connection = server.connections.at(-1);
    switch (step.do) {
      case 'emit':
      case 'volatile': {
        const events = Array.from({ length: step.count }, () => this.#append());
        if (step.do === 'volatile') {
          for (const { offset: _, ...event } of events) connection?.send({ ...event, volatile: true });
        }
        if (step.how === 'merged') connection?.send(merge(events));
        else if (step.how === 'batch') connection?.send(events);
        else for (const event of events) connection?.send(event);
        break;
      }
      case 'repeat':
        for (const event of server.log.slice(-step.count)) connection?.send(event);
        break;
      case 'read':
        this.#readMore(step.count);
        break;
      case 'trim':
        server.oldest = Math.max(server.oldest, server.head - step.count + 1);
        break;
      case 'lose':
        this.#append();
        break;
      case 'unreadable':
        connection?.send(server.append('agent_thinking', { delta: null }));
        break;
      case 'lose_log':
        server.loseLog();
        connection?.close(1006);
        break;
      case 'drain':
        connection?.send({ type: 'server_draining', reconnect_after_ms: 50 });
        break;
      case 'cut':
        connection?.close(step.code);
        break;
      case 'wait':
        await this.clock.advance(step.ms);
    }
    await settle();
  }

  /** The network gets well, and one more event shows what was lost: everything arrives and is read. */
  async heal(): Promise<void> {
    await this.run({ do: 'emit', count: 1, how: 'single' });
    for (let turn = 0; turn < 60 && !this.#quiet; turn += 1) {
      this.#readMore(8);
      await this.clock.advance(20_000);
    }
  }

  /** The client is at the head, and the loop waits for more. */
  get #quiet(): boolean {
    const { position, state } = this.client;
    const atHead = position?.epoch === this.server.epoch && position.offset === this.server.head;
    return state.status === 'live' && atHead && this.#reads.asked > this.#reads.answered;
  }

  #append(): LoggedEvent {
    return this.server.append('agent_thinking', { delta: `${this.server.head + 1},` }, { run_id: 'r1' });
  }

  #readMore(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#reads.asked += 1;
      this.#reading = this.#reading.then(async () => {
        const result = await this.#items.next();
        this.#reads.answered += 1;
        if (result.done === true) return;
        const { value } = result;
        if (value.kind === 'reset') this.read.startOver(value.ready.offset);
        else if (value.kind === 'event') this.read.take(value.event, value.replaces);
        else if (value.kind === 'volatile') this.read.take(value.event, undefined);
      });
    }
  }
}

function merge(events: readonly LoggedEvent[]): object {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined || first === last) return { ...last };
  return { ...last, payload: { delta: events.map(textOf).join('') }, prev: first.offset - 1, merged: events.length };
}
