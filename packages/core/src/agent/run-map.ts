import type { RunId } from '@ws/types';
import type { StreamKey } from '../stream-key.ts';

/**
 * Something for each run. Run ids are unique in their stream only, so both name a run; looking one up makes no string, because it
 * is done for every event.
 */
export class RunMap<Value> {
  readonly #streams = new Map<StreamKey, Map<RunId, Value>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(stream: StreamKey, runId: RunId): Value | undefined {
    return this.#streams.get(stream)?.get(runId);
  }

  has(stream: StreamKey, runId: RunId): boolean {
    return this.#streams.get(stream)?.has(runId) === true;
  }

  set(stream: StreamKey, runId: RunId, value: Value): void {
    const runs = this.#streams.get(stream);
    if (runs?.has(runId) !== true) this.#size += 1;
    if (runs === undefined) this.#streams.set(stream, new Map([[runId, value]]));
    else runs.set(runId, value);
  }

  delete(stream: StreamKey, runId: RunId): void {
    const runs = this.#streams.get(stream);
    if (runs?.delete(runId) !== true) return;
    this.#size -= 1;
    if (runs.size === 0) this.#streams.delete(stream);
  }

  *entries(): IterableIterator<[StreamKey, RunId, Value]> {
    for (const [stream, runs] of this.#streams) for (const [runId, value] of runs) yield [stream, runId, value];
  }
}
