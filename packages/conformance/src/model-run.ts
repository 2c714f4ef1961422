import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { AppendResult, NewLogEvent } from '@ws/core/log';
import type { StreamPosition } from '@ws/types';
import type { CaseContext } from './case-context.ts';
import { assertChain, readAll } from './checks.ts';
import { ageOf, STREAMS, type ModelAction, type ModelAppend } from './model-actions.ts';
import { ModelStream } from './model-stream.ts';
import { sampleEvent, sampleStream } from './samples.ts';

const NOW = 1_700_000_000_000;
const keyOf = (stream: number) => sampleStream(`user-${stream}`);
const eventOf = (id: number): NewLogEvent =>
  sampleEvent(`event-${id}`, { timestamp: NOW - ageOf(id), data: JSON.stringify({ id }) });

/** A log and the model beside it: every action is done to both, and what they answer is compared. */
export class ModelRun {
  readonly #context: CaseContext;
  #log: EventLog;
  /** Of each stream: a log may have one for all of them, or not. */
  #epochs: readonly string[];
  #streams = newStreams();

  private constructor(context: CaseContext, log: EventLog, epochs: readonly string[]) {
    this.#context = context;
    this.#log = log;
    this.#epochs = epochs;
  }

  static async start(context: CaseContext): Promise<ModelRun> {
    const log = await context.open();
    return new ModelRun(context, log, await epochsOf(log));
  }

  async apply(action: ModelAction): Promise<void> {
    switch (action.kind) {
      case 'append':
        return this.#burst([action.append]);
      case 'burst':
        return this.#burst(action.appends);
      case 'read':
        return this.#read(action.stream, action.share, action.limit);
      case 'lookup':
        return this.#lookup(action.stream, action.ids);
      case 'trim': {
        const upTo = this.#position(action.stream, action.share);
        await this.#log.trim(keyOf(action.stream), upTo, `fold at ${upTo}`);
        return this.#model(action.stream).trim(upTo, `fold at ${upTo}`);
      }
      case 'trimmable': {
        const upTo = await this.#log.trimmable(keyOf(action.stream), action.policy, NOW);
        return assert.equal(upTo, this.#model(action.stream).trimmable(action.policy, NOW));
      }
      case 'restart':
        return this.#restart();
    }
  }

  /** Compares all there is. */
  async compare(): Promise<void> {
    for (const [index, model] of this.#streams.entries()) {
      const { checkpoint, oldest, ...head } = await this.#log.head(keyOf(index));
      assert.deepEqual(head, { epoch: this.#epochs[index], head: model.head });
      const first = model.kept[0]?.offset ?? model.head + 1;
      if (this.#context.capabilities.denseOffsets) assert.equal(oldest, first);
      else assert.ok(model.trimmed < oldest && oldest <= first, 'oldest lies behind what was let go');
      assert.equal(checkpoint, model.checkpoint);
      const events = await readAll(this.#log, keyOf(index));
      assertChain(events, model.trimmed);
      assert.deepEqual(
        events.map(({ offset, prev: _prev, ...event }) => ({ offset, event })),
        model.kept,
      );
    }
  }

  async #burst(appends: readonly ModelAppend[]): Promise<void> {
    const done = await Promise.all(
      appends.map(async (append) => {
        const result = await this.#log.append(keyOf(append.stream), append.ids.map(eventOf), this.#guard(append));
        return { append, result };
      }),
    );
    // In the order that the log put them in; those that wrote nothing fit in anywhere after what they found.
    for (const { append, result } of done.sort((a, b) => lastNew(a.result) - lastNew(b.result))) {
      if (result.kind === 'conflict') this.#conflict(append, appends.length === 1, result);
      else this.#appended(append, result);
    }
  }

  #appended({ stream, ids, guard }: ModelAppend, result: Extract<AppendResult, { kind: 'appended' }>): void {
    assert.notEqual(guard, 'foreign', 'another epoch is a conflict');
    const model = this.#model(stream);
    assert.equal(result.epoch, this.#epochs[stream]);
    assert.equal(result.events.length, ids.length);
    for (const [index, id] of ids.entries()) {
      const { offset = 0, duplicate } = result.events[index] ?? {};
      const known = model.offsetOf(`event-${id}`);
      assert.equal(duplicate, known !== undefined, `whether event-${id} is a duplicate`);
      if (known !== undefined) assert.equal(offset, known);
      else {
        if (this.#context.capabilities.denseOffsets) assert.equal(offset, model.head + 1);
        else assert.ok(offset > model.head);
        model.push(eventOf(id), offset);
      }
    }
  }

  #conflict(
    { guard, stream }: ModelAppend,
    alone: boolean,
    { head }: Extract<AppendResult, { kind: 'conflict' }>,
  ): void {
    assert.notEqual(guard, 'none', 'an append without ifHead meets no conflict');
    if (!alone) return;
    assert.notEqual(guard, 'right', 'the right head is no conflict');
    assert.equal(head.head, this.#model(stream).head);
  }

  #guard({ stream, guard }: ModelAppend): StreamPosition | undefined {
    const { head } = this.#model(stream);
    if (guard === 'none') return undefined;
    if (guard === 'foreign') return { epoch: 'another epoch', offset: head };
    return { epoch: this.#epochs[stream] ?? '', offset: guard === 'right' ? head : head + 1 };
  }

  async #read(stream: number, share: number, limit: number): Promise<void> {
    const after = this.#position(stream, share);
    const { epoch, events } = await this.#log.read(keyOf(stream), after, limit);
    assert.equal(epoch, this.#epochs[stream]);
    const expected = this.#model(stream).after(after).slice(0, limit);
    assert.deepEqual(
      events.map(({ offset }) => offset),
      expected.map(({ offset }) => offset),
    );
  }

  async #lookup(stream: number, ids: readonly number[]): Promise<void> {
    const offsets = await this.#log.lookup(
      keyOf(stream),
      ids.map((id) => eventOf(id).eventId),
    );
    assert.deepEqual(
      offsets,
      ids.map((id) => this.#model(stream).offsetOf(`event-${id}`)),
    );
  }

  async #restart(): Promise<void> {
    this.#log = await this.#context.reopen(this.#log);
    const epochs = await epochsOf(this.#log);
    if (this.#context.capabilities.durable) assert.deepEqual(epochs, this.#epochs);
    else {
      for (const [index, epoch] of epochs.entries()) assert.notEqual(epoch, this.#epochs[index]);
      this.#epochs = epochs;
      this.#streams = newStreams();
    }
  }

  #position(stream: number, share: number): number {
    const { head, trimmed } = this.#model(stream);
    return Math.round(Math.max(0, trimmed - 2) + share * (head + 4 - Math.max(0, trimmed - 2)));
  }

  #model(stream: number): ModelStream {
    return this.#streams[stream] ?? assert.fail(`there is no stream ${stream}`);
  }
}

async function epochsOf(log: EventLog): Promise<readonly string[]> {
  const epochs: string[] = [];
  for (let stream = 0; stream < STREAMS; stream += 1) epochs.push((await log.head(keyOf(stream))).epoch);
  return epochs;
}

function newStreams(): readonly ModelStream[] {
  return Array.from({ length: STREAMS }, () => new ModelStream());
}

function lastNew(result: AppendResult): number {
  if (result.kind === 'conflict') return Infinity;
  const written = result.events.filter(({ duplicate }) => !duplicate).map(({ offset }) => offset);
  return written.length === 0 ? Infinity : Math.max(...written);
}
