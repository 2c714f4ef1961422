import {
  isWebSocketError,
  type EventId,
  type Offset,
  type StreamPosition,
  type ThreadId,
  type UserId,
} from '@ws/types';
import type { AppendedEvent, AppendResult, LogEvent, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import { diagnose, isWatched } from '../observe/channels.ts';
import type { RunTable } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import type { PlanContext } from './append-plan.ts';
import type { AppendTarget } from './append-queue.ts';
import { Envelopes } from './event-codec.ts';
import type { Written } from './group-plan.ts';
import type { LogFollower } from './log-follower.ts';
import { readStored, type StoredEvent } from './repeated-id.ts';
import type { Retention } from './retention.ts';
import type { StreamServices } from './stream-services.ts';
import type { Writer } from './write-turn.ts';

/** What the writer needs of its stream. */
export interface WrittenStream {
  readonly key: StreamKey;
  readonly userId: UserId;
  readonly isolatedThread: ThreadId | undefined;
  /** An epoch of the log as positions of this stream have it. */
  ownEpoch(logEpoch: string): string;
  /** Nothing waits to be written any more. */
  settled(): void;
}

/**
 * A stream's way to its log, for the queue that judges and orders what goes there: claims runs, appends on the condition that
 * nothing came between, and takes what was appended into the stream.
 */
export class LogWriter implements AppendTarget {
  readonly #stream: WrittenStream;
  readonly #follower: LogFollower;
  readonly #retention: Retention;
  readonly #services: StreamServices;
  #envelopes: Envelopes | undefined;
  /** When the append that is under way began, on the monotonic clock; `undefined` for one that is answered at once. */
  #startedAt: number | undefined;

  constructor(stream: WrittenStream, follower: LogFollower, retention: Retention, services: StreamServices) {
    this.#stream = stream;
    this.#follower = follower;
    this.#retention = retention;
    this.#services = services;
  }

  get breaker(): LogCircuitBreaker {
    return this.#services.breaker;
  }

  get head(): Offset {
    return this.#follower.loaded?.head ?? 0;
  }

  get runs(): RunTable {
    return this.#follower.state.runs;
  }

  planContext(known: PlanContext['known']): PlanContext {
    const { clock, options } = this.#services;
    return {
      now: clock.now(),
      maxEventBytes: options.maxEventBytes,
      isolatedThread: this.#stream.isolatedThread,
      known,
      maxOpenRuns: options.maxOpenRunsPerUser,
      envelopes: (this.#envelopes ??= new Envelopes()),
    };
  }

  load(): MaybePromise<void> {
    return this.#follower.load();
  }

  refresh(): Promise<void> {
    return this.#follower.refresh();
  }

  stored(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, StoredEvent>> {
    return readStored(this.#services.log, this.#stream.key, eventIds);
  }

  append(events: readonly NewLogEvent[]): MaybePromise<AppendResult> {
    const { epoch, head } = this.#follower.state;
    if (events.length === 0) return { kind: 'appended', epoch, events: [] };
    this.#startedAt = this.#services.clock.monotonic();
    const { key } = this.#stream;
    const position = { epoch, offset: head };
    const claimed = this.#services.claimRuns(key, events);
    if (claimed === undefined) return this.#services.log.append(key, events, position);
    return this.#appendAfter(claimed, events, position);
  }

  async #appendAfter(
    claimed: Promise<void>,
    events: readonly NewLogEvent[],
    position: StreamPosition,
  ): Promise<AppendResult> {
    await claimed;
    return this.#services.log.append(this.#stream.key, events, position);
  }

  get answersNow(): boolean {
    return this.#services.log.appendNow !== undefined && this.#follower.loaded !== undefined;
  }

  appendNow(events: readonly [NewLogEvent]): StreamPosition | undefined {
    const { log } = this.#services;
    const { key } = this.#stream;
    const { epoch, head } = this.#follower.state;
    this.#startedAt = undefined;
    if (this.#services.claimRuns(key, events) !== undefined) return undefined;
    const offset = log.appendNow?.(key, events[0], { epoch, offset: head });
    return offset === undefined ? undefined : { epoch, offset };
  }

  ownEpoch(logEpoch: string): string {
    return this.#stream.ownEpoch(logEpoch);
  }

  accepted(epoch: string, { events, answers }: Written): void {
    const { counters, options } = this.#services;
    counters.appended += events.length;
    this.#measure(events.length);
    // A log that tells its subscribers before it answers has brought them here already.
    const isTaken = epoch === this.#follower.loaded?.epoch && (answers.at(-1)?.offset ?? 0) <= this.head;
    if (!isTaken) this.#follower.take(epoch, numbered(events, answers));
    this.#services.appended(this.#stream.key, events);
    this.#retention.appended(events, options.onError);
  }

  refused(events: number, error: unknown): void {
    const { counters } = this.#services;
    counters.refused += events;
    if (!isWebSocketError(error)) return;
    if (error.code === 'RUN_LIMIT') counters.runLimited += 1;
    if (error.code === 'EVENT_TOO_BIG') counters.tooBig += 1;
  }

  writeSoon(queue: Writer): void {
    this.#services.writeTurn.soon(queue);
  }

  settled(): void {
    this.#stream.settled();
  }

  #measure(events: number): void {
    const { clock, options } = this.#services;
    const startedAt = this.#startedAt;
    if (startedAt === undefined && !isWatched('agent-events:append')) return;
    const durationMs = startedAt === undefined ? 0 : clock.monotonic() - startedAt;
    if (startedAt !== undefined) options.onTiming?.('append', durationMs);
    diagnose('agent-events:append', () => ({ userId: this.#stream.userId, events, durationMs }));
  }
}

function numbered(events: readonly NewLogEvent[], answers: readonly AppendedEvent[]): readonly LogEvent[] {
  return events.map((event, index) => ({ ...event, offset: answers[index]?.offset ?? 0 }));
}
