import { expect } from 'vitest';
import type { EventInput } from '@ws/types';
import type { HubOptions } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { NODES, VIEWS, type Action } from './actions.ts';
import { Emissions } from './emissions.ts';
import { Nodes } from './nodes.ts';

const LAST_WORD: EventInput = { type: 'user_message', payload: { message_id: 'last', text: 'word' } };

/** One history of a world: servers, clients and emitters, and what has to be true at its end. */
export class Play {
  readonly #clock = new FakeClock();
  readonly #nodes: Nodes;
  readonly #emissions = new Emissions();
  readonly #clients: readonly ProtocolClient[];
  /** The process that each client connects to. */
  readonly #at = VIEWS.map(() => 0);

  constructor(settings: HubOptions) {
    // Nobody in this world answers pings.
    this.#nodes = new Nodes(this.#clock, NODES, {
      ...settings,
      tuning: { ...settings.tuning, heartbeatMs: 10_000_000 },
    });
    this.#clients = VIEWS.map(
      (threads, index) => new ProtocolClient((hello) => this.#nodes.connect(this.#at[index] ?? 0, hello), threads),
    );
  }

  async take(action: Action): Promise<void> {
    await this.#happen(action);
    for (const client of this.#clients) client.read();
  }

  /** Troubles end, whoever is behind catches up, and a connection that was given up is opened again. */
  async end(): Promise<void> {
    this.#nodes.calmDown();
    for (const client of this.#clients) client.unstall();
    await this.#clock.advance(1_000);
    // Something has to happen for a process to notice that the log began anew.
    for (let node = 0; node < NODES; node += 1) this.#emit(node, LAST_WORD);
    for (let round = 0; round < 200 && (round < 2 || !this.#isQuiet()); round += 1) {
      for (const client of this.#clients) client.connect();
      await this.#clock.advance(round < 10 ? 50 : 400);
      for (const client of this.#clients) client.read();
    }
  }

  check(): void {
    const { model, ends } = this.#nodes;
    this.#emissions.check(ends.epoch, ends.oldest, model.events);
    for (const client of this.#clients) this.#checkClient(client);
  }

  #checkClient(client: ProtocolClient): void {
    const { model } = this.#nodes;
    const { threads, views } = client;
    expect(client.history).toEqual(model.history(views));
    for (const id of client.volatile) expect(model.events.map(({ event_id }) => event_id)).not.toContain(id);
    const runs = model.runs(threads);
    for (const id of client.wholeRuns) expect([id, client.runs.get(id)]).toEqual([id, runs.get(id)]);
    if (!client.recoveries.includes('reset') || views.length > 1) return;
    // After a reset every run that is open is known whole: from its snapshot, or from its first event.
    for (const [id, state] of runs) if (state.status === 'running') expect([...client.wholeRuns]).toContain(id);
  }

  #isQuiet(): boolean {
    const { model, ends } = this.#nodes;
    const isLevel = (client: ProtocolClient): boolean =>
      client.connected &&
      client.epoch === ends.epoch &&
      client.last >= (model.seen(client.threads).at(-1)?.offset ?? 0);
    return this.#emissions.settled && this.#clients.every(isLevel);
  }

  async #happen(action: Action): Promise<void> {
    switch (action.do) {
      case 'emit':
        this.#emit(action.node, action.named ? this.#named(action.event) : action.event);
        if (action.settle) await this.#clock.settle();
        return;
      case 'burst':
        for (let i = 0; i < action.count; i += 1) {
          this.#emit(action.node, action.event);
          if (i % 3 === 0) await this.#clock.settle();
        }
        return this.#clock.settle();
      case 'repeat':
        this.#repeat(action.node, action.which);
        return;
      case 'connect':
        if (this.#clients[action.client]?.connected === false) this.#at[action.client] = action.node;
        this.#clients[action.client]?.connect(action.batch);
        return this.#clock.settle();
      case 'disconnect':
      case 'stall':
      case 'unstall':
        this.#clients[action.client]?.[action.do]();
        return this.#clock.settle();
      case 'setThreads':
        this.#clients[action.client]?.setThreads(action.threads);
        return this.#clock.settle();
      case 'wait':
        return this.#clock.advance(action.ms);
      case 'restart':
        this.#clients.forEach((client, index) => {
          if (this.#at[index] === action.node) client.disconnect();
        });
        this.#nodes.restart(action.node);
        return;
      case 'trim':
        await this.#nodes.trim(action.keep);
        return;
      case 'failAppend':
        this.#nodes.failAppend(action.node, action.fault);
        return;
      case 'slowLog':
        this.#nodes.slowLog(action.node, action.ms, action.answerMs);
        return;
      case 'loseLog':
        this.#nodes.loseLog();
        return;
      case 'hold':
      case 'release':
      case 'deploy':
      case 'logAway':
      case 'logBack':
        this.#nodes[action.do](action.node);
        return this.#clock.settle();
    }
  }

  #emit(node: number, event: EventInput): void {
    void this.#emissions.follow(event, this.#nodes.emit(node, event));
  }

  /** The event with an id of its publisher. */
  #named(event: EventInput): EventInput {
    return { ...event, event_id: `e${this.#emissions.count + 1}` };
  }

  #repeat(node: number, which: number): void {
    const earlier = this.#emissions.earlier(which);
    if (earlier?.event_id !== undefined) this.#emit(node, earlier);
  }
}
