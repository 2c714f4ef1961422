import type { Hub } from '@ws/core';
import type { StreamPosition } from '@ws/types';
import { pause } from '../checks.ts';
import { note, USER } from './tab.ts';

const EVERY_MS = 10;
/** Characters of an event: enough that no left-over room takes many. */
const BULK = 4_000;

export interface AcceptedNote extends StreamPosition {
  readonly n: number;
}

/** Emits one event after the other from each hub until it is told to stop, and knows what was accepted. */
export class Emitter {
  readonly accepted: AcceptedNote[] = [];
  readonly refused: unknown[] = [];
  readonly #hubs: readonly Hub[];
  readonly #pending: Promise<void>[] = [];
  readonly #running: Promise<void>;
  #isDone = false;
  #n = 0;

  constructor(hubs: readonly Hub[]) {
    this.#hubs = hubs;
    this.#running = this.#run();
  }

  /** What was accepted, in the order of the stream. */
  get inOrder(): readonly number[] {
    return this.accepted.toSorted((one, other) => one.offset - other.offset).map(({ n }) => n);
  }

  /** Stops, and waits until everything that was emitted is accepted or refused. */
  async stop(): Promise<void> {
    this.#isDone = true;
    await this.#running;
    await Promise.all(this.#pending);
  }

  async #run(): Promise<void> {
    while (!this.#isDone) {
      for (const hub of this.#hubs) this.#emit(hub);
      await pause(EVERY_MS);
    }
  }

  #emit(hub: Hub): void {
    const n = (this.#n += 1);
    const emitted = hub
      .manager(USER)
      .emit(note(n, BULK))
      .then(
        ({ epoch, offset }) => void this.accepted.push({ n, epoch, offset }),
        (error: unknown) => void this.refused.push(error),
      );
    this.#pending.push(emitted);
  }
}
