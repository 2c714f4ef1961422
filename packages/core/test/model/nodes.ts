import { toUserId, type EventInput } from '@ws/types';
import { MemoryEventLog, type EmitReceipt, type HubOptions } from '../../src/index.ts';
import { streamKey, type StreamHead } from '../../src/log.ts';
import { decodeEvent } from '../../src/stream/event-codec.ts';
import { Retention } from '../../src/stream/retention.ts';
import type { FakeClock, FakeSocket } from '../../src/testing.ts';
import { epochMark } from '../../src/stream-key.ts';
import { LogDoor, type AppendFault } from '../support/log-door.ts';
import { setUp, type World } from '../support/world.ts';
import { WorldModel } from './world-model.ts';

interface Node {
  readonly world: World;
  readonly door: LogDoor;
}

const STREAM = streamKey(toUserId('alice'));

/** Several server processes on one log, for one user. */
export class Nodes {
  readonly model = new WorldModel();
  /** Faults of background work that are no outage. */
  readonly errors: unknown[] = [];
  readonly #clock: FakeClock;
  readonly #options: HubOptions;
  readonly #nodes: Node[];
  /** Also those of processes that are going away. */
  readonly #doors: LogDoor[] = [];
  #log = new MemoryEventLog();
  #forgetLog: () => void;

  constructor(clock: FakeClock, count: number, options: HubOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#nodes = Array.from({ length: count }, () => this.#start());
    this.#forgetLog = this.#teachModel();
  }

  /** Where the stream begins and ends, as clients are told. */
  get ends(): StreamHead {
    const head = this.#log.head(STREAM);
    return { ...head, epoch: head.epoch + epochMark(STREAM) };
  }

  connect(index: number, hello: object): FakeSocket {
    return this.#node(index).world.connect('alice', hello);
  }

  emit(index: number, event: EventInput): Promise<EmitReceipt> {
    return this.#node(index).world.hub.manager({ userId: 'alice' }).emit(event);
  }

  hold(index: number): void {
    this.#node(index).door.hold();
  }

  release(index: number): void {
    this.#node(index).door.release();
  }

  logAway(index: number): void {
    this.#node(index).door.goAway();
  }

  logBack(index: number): void {
    this.#node(index).door.comeBack();
  }

  failAppend(index: number, fault: AppendFault | undefined): void {
    this.#node(index).door.nextAppend = fault;
  }

  slowLog(index: number, ms: number, answerMs: number): void {
    const { door } = this.#node(index);
    door.delay = this.#pause(ms);
    door.answerDelay = this.#pause(answerMs);
  }

  /** Another process lets go of all but the newest events. */
  trim(keep: number): Promise<void> {
    const policy = { maxEvents: keep, maxBytes: Infinity, maxAgeMs: Infinity };
    const watch = { cautiousNow: () => this.#clock.now() };
    return new Retention(STREAM, this.#log, watch, policy).trim();
  }

  /** The log loses everything and begins anew, under another epoch. */
  loseLog(): void {
    this.#forgetLog();
    this.#log = new MemoryEventLog();
    this.model.events = [];
    this.#forgetLog = this.#teachModel();
    for (const door of this.#doors) door.replace(this.#log);
  }

  /** The process dies without a word and another takes its place. Its sockets are the caller's to cut. */
  restart(index: number): void {
    this.#node(index).door.kill();
    this.#nodes[index % this.#nodes.length] = this.#start();
  }

  /** The process goes away in good order, and another has taken its place. */
  deploy(index: number): void {
    void this.#node(index).world.hub.close({ deadlineMs: 200 });
    this.#nodes[index % this.#nodes.length] = this.#start();
  }

  /** All troubles are over. */
  calmDown(): void {
    for (const door of this.#doors) {
      door.comeBack();
      door.release();
      door.delay = undefined;
      door.answerDelay = undefined;
      door.nextAppend = undefined;
    }
  }

  #start(): Node {
    const door = new LogDoor(this.#log);
    this.#doors.push(door);
    return { door, world: setUp({ ...this.#options, clock: this.#clock, log: door }) };
  }

  #node(index: number): Node {
    const node = this.#nodes[index % this.#nodes.length];
    if (node === undefined) throw new Error('there is no node');
    return node;
  }

  #pause(ms: number): (() => Promise<void>) | undefined {
    return ms === 0 ? undefined : () => new Promise((resolve) => void this.#clock.after(ms, resolve));
  }

  /** The model hears of each event as the log takes it. */
  #teachModel(): () => void {
    const log = this.#log;
    return log.subscribe(STREAM, (_epoch, events) => {
      for (const event of events) {
        const isKept = (offset: number): boolean => offset >= log.head(STREAM).oldest;
        const twin = this.model.events.find(({ event_id }) => event_id === event.eventId);
        if (twin !== undefined && isKept(twin.offset)) throw new Error(`${event.eventId} was appended twice`);
        this.model.events.push(decodeEvent(event));
      }
    });
  }
}
