import type { JsonObject, StreamPosition } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { EventLog, LogEvent } from '../log/event-log.ts';
import type { IdSource } from '../random.ts';
import { AGENT_CALLS_STREAM } from '../stream-key.ts';
import { decodeCheckpoint, encodeCheckpoint, fromLogEvent, toLogEvent, type CallRecord } from './call-record.ts';
import type { CallTable, WaitingCall } from './call-table.ts';

export interface CallLogOptions {
  readonly log: EventLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: IdSource;
  readonly onError: (error: unknown) => void;
  /** Something has changed in the table. */
  readonly onChange: () => void;
}

const PAGE = 500;

/**
 * The stream of calls in the log, and the table that is folded from it. Every process reads all of it, in order; what is over is trimmed,
 * so it stays short.
 */
export class CallLog {
  readonly #options: CallLogOptions;
  readonly #table: CallTable;
  /** Up to where the stream is in the table; `undefined` before it was read. */
  #position: StreamPosition | undefined;
  #reading: Promise<void> | undefined;
  /** News came that may be missed by the reading under way. */
  #isStale = false;
  #unsubscribe: (() => void) | undefined;

  constructor(table: CallTable, options: CallLogOptions) {
    this.#table = table;
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#position !== undefined;
  }

  /**
   * Reads what this process has not seen yet.
   *
   * @throws the log's errors
   */
  async readOn(): Promise<void> {
    if (this.#reading !== undefined) {
      this.#isStale = true;
      return this.#reading;
    }
    this.#unsubscribe ??= this.#options.log.subscribe(AGENT_CALLS_STREAM, (epoch, events) =>
      this.#heard(epoch, events),
    );
    this.#reading = this.#readToHead().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /**
   * Writes records. When it resolves they are in the table, with all that came before them.
   *
   * @throws the log's errors
   */
  async append(records: readonly CallRecord[]): Promise<void> {
    const { log, ids, clock } = this.#options;
    if (records.length === 0) return;
    if (this.#position === undefined) await this.readOn();
    const now = clock.now();
    const result = await log.append(
      AGENT_CALLS_STREAM,
      records.map((record) => toLogEvent(record, ids, now)),
    );
    if (result.kind === 'conflict') return;
    const last = result.events.at(-1)?.offset ?? 0;
    while (this.#position?.epoch !== result.epoch || this.#position.offset < last) await this.readOn();
  }

  /** What a call carries. `undefined` if it is over by now. */
  async payload({ offset, id }: WaitingCall): Promise<JsonObject | undefined> {
    const { events } = await this.#options.log.read(AGENT_CALLS_STREAM, offset - 1, 1);
    const [event] = events;
    const record = event?.offset === offset ? fromLogEvent(event) : undefined;
    return record?.op === 'call' && record.call.id === id ? record.call.payload : undefined;
  }

  /** Trims what is over. */
  async compact(): Promise<void> {
    const position = this.#position;
    if (position === undefined) return;
    const { log, clock } = this.#options;
    const oldestNeeded = this.#table.oldestOffset() ?? position.offset + 1;
    const failed = this.#table.failed(clock.now());
    const { oldest, epoch } = await log.head(AGENT_CALLS_STREAM);
    if (epoch !== position.epoch || oldestNeeded <= oldest) return;
    await log.trim(AGENT_CALLS_STREAM, oldestNeeded - 1, encodeCheckpoint(failed));
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  async #readToHead(): Promise<void> {
    do {
      this.#isStale = false;
      if (this.#position === undefined) await this.#readAll();
      else await this.#readAfter(this.#position);
    } while (this.#isStale || this.#position === undefined);
    this.#options.onChange();
  }

  async #readAll(): Promise<void> {
    const { log } = this.#options;
    const { epoch, oldest, checkpoint } = await log.head(AGENT_CALLS_STREAM);
    this.#table.reset(checkpoint === undefined ? [] : decodeCheckpoint(checkpoint));
    const start = { epoch, offset: oldest - 1 };
    this.#position = start;
    await this.#readAfter(start);
  }

  /** Begins from the beginning where what comes next is not kept, or the log has begun another epoch. */
  async #readAfter(from: StreamPosition): Promise<void> {
    const { log } = this.#options;
    for (let at = from; ;) {
      const page = await log.read(AGENT_CALLS_STREAM, at.offset, PAGE);
      // The subscription may have been faster.
      at = this.#position ?? at;
      const isGap = page.epoch !== at.epoch || !this.#take(page.epoch, page.events);
      if (isGap) {
        this.#position = undefined;
        return;
      }
      if (page.events.length === 0) return this.#assertHead(at);
      at = this.#position ?? at;
    }
  }

  /** An empty page may also be that of a stream whose records were trimmed or lost. */
  async #assertHead(at: StreamPosition): Promise<void> {
    const { epoch, oldest, head } = await this.#options.log.head(AGENT_CALLS_STREAM);
    if (epoch !== at.epoch || oldest > (this.#position ?? at).offset + 1) this.#position = undefined;
    else if (head > (this.#position ?? at).offset) this.#isStale = true;
  }

  /** Takes events into the table. False: some are missing before them. */
  #take(epoch: string, events: readonly LogEvent[]): boolean {
    for (const event of events) {
      const position = this.#position;
      if (position?.epoch !== epoch) return false;
      if (event.offset <= position.offset) continue;
      if ((event.prev ?? event.offset - 1) > position.offset) return false;
      this.#apply(event);
      this.#position = { epoch: position.epoch, offset: event.offset };
    }
    return true;
  }

  /** One that is damaged must not keep the others from their agent. */
  #apply(event: LogEvent): void {
    try {
      const record = fromLogEvent(event);
      if (record !== undefined) this.#table.apply(record, event.offset);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #heard(epoch: string, events: readonly LogEvent[]): void {
    if (this.#reading !== undefined) this.#isStale = true;
    else if (this.#take(epoch, events)) this.#options.onChange();
    else this.readOn().catch(this.#options.onError);
  }
}
