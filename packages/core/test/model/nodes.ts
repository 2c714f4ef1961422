import type { EventInput, NumberedEvent } from '@ws/types';
import { MemoryEventLog, streamKey, type HubOptions } from '../../src/index.ts';
import { toUserId } from '@ws/types';
import { decodeEvent } from '../../src/stream/event-codec.ts';
import type { FakeClock, FakeSocket } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp, type World } from '../support/world.ts';
import { WorldModel } from './world-model.ts';

interface Node {
  readonly world: World;
  readonly door: LogDoor;
}

/** Several server processes on one log, for one user. */
export class Nodes {
  readonly model = new WorldModel();
  readonly #clock: FakeClock;
  readonly #log = new MemoryEventLog();
  readonly #options: HubOptions;
  readonly #nodes: Node[];

  constructor(clock: FakeClock, count: number, options: HubOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#nodes = Array.from({ length: count }, () => this.#start());
    // The model hears of each event as the log takes it.
    this.#log.subscribe(streamKey(toUserId('alice')), (_epoch, events) =>
      this.model.events.push(...events.map((event): NumberedEvent => decodeEvent(event))),
    );
  }

  connect(index: number, hello: object): FakeSocket {
    return this.#node(index).world.connect('alice', hello);
  }

  async emit(index: number, event: EventInput): Promise<void> {
    // A refusal (wrong order) is one of the ways an emit may end: the model has what the log took.
    await this.#node(index)
      .world.hub.manager({ userId: 'alice' })
      .emit(event)
      .catch(() => undefined);
  }

  hold(index: number): void {
    this.#node(index).door.hold();
  }

  release(index: number): void {
    this.#node(index).door.release();
  }

  /** The process dies without a word and another takes its place. Its sockets are the caller's to cut. */
  restart(index: number): void {
    this.#node(index).door.kill();
    this.#nodes[index % this.#nodes.length] = this.#start();
  }

  #start(): Node {
    const door = new LogDoor(this.#log);
    return { door, world: setUp({ ...this.#options, clock: this.#clock, log: door }) };
  }

  #node(index: number): Node {
    const node = this.#nodes[index % this.#nodes.length];
    if (node === undefined) throw new Error('there is no node');
    return node;
  }
}
