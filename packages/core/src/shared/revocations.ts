import { toUserId, WebSocketError, type EventId, type StreamPosition } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { Authentication } from '../connection/authentication.ts';
import type { EventLog, LogEvent, MaybePromise } from '../log/event-log.ts';
import type { LogGate } from '../modes/log-gate.ts';
import type { IdSource } from '../random.ts';
import { REVOCATIONS_STREAM } from '../stream-key.ts';
import { decodeCheckpoint, encodeCheckpoint, fromLogEvent, toLogEvent } from './revocation-codec.ts';
import { RevocationList, type AnnouncedRevocation, type Revocation } from './revocation-list.ts';

export interface RevocationsOptions {
  readonly log: EventLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: IdSource;
  readonly gate: Pick<LogGate, 'isOutage' | 'whenOpen'>;
  readonly onError: (error: unknown) => void;
  /** Something may have been revoked that was good before: look at the open connections. */
  readonly onRevoked: () => void;
}

/** Announcements between two compactions. */
const COMPACT_EVERY = 256;
const PAGE = 500;

/**
 * Credentials that are no longer good, in all processes. They are events of a stream of their own in the log, so they reach every
 * process, outlive restarts, and show when a message about them was lost, by the same means as any event does.
 */
export class Revocations {
  readonly #options: RevocationsOptions;
  readonly #list = new RevocationList();
  /** Up to where the stream is in the list; `undefined` before it was read. */
  #position: StreamPosition | undefined;
  #reading: Promise<void> | undefined;
  /** News came while the stream was read. */
  #isStale = false;
  #unsubscribe: (() => void) | undefined;
  #sinceCompaction = 0;
  #isStopped = false;

  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  /**
   * Reads what was revoked before; answers at once when that was done.
   *
   * @throws the log's errors
   */
  load(): MaybePromise<void> {
    return this.#position === undefined ? this.#read() : undefined;
  }

  /** Whether a credential was revoked, as far as this process has heard. Wait for {@link load} first. */
  has(authentication: Authentication): boolean {
    return this.#list.has(authentication, this.#options.clock.now());
  }

  /** Tells every process. Resolves when it is in the log; it has effect here by then. */
  async announce({ userId, tokenId, expiresAt }: Revocation): Promise<void> {
    const { log, clock, ids } = this.#options;
    if (!Number.isFinite(expiresAt)) {
      throw new WebSocketError('INVALID_OPTION', `expiresAt of a revocation must be a time, got ${expiresAt}`);
    }
    await this.load();
    const revocation: AnnouncedRevocation = {
      userId: toUserId(userId),
      ...(tokenId === undefined ? {} : { tokenId }),
      expiresAt,
      // What an id source gives is an id.
      eventId: ids.next() as EventId,
      revokedAt: clock.now(),
    };
    const result = await log.append(REVOCATIONS_STREAM, [toLogEvent(revocation)]);
    if (result.kind === 'appended' && result.epoch !== this.#position?.epoch) this.#catchUp();
    this.#list.add(revocation, clock.now());
    this.#options.onRevoked();
    this.#sinceCompaction += 1;
    if (this.#sinceCompaction >= COMPACT_EVERY) this.#compact().catch(this.#options.onError);
  }

  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #read(): Promise<void> {
    this.#unsubscribe ??= this.#options.log.subscribe(REVOCATIONS_STREAM, (epoch, events) =>
      this.#heard(epoch, events),
    );
    if (this.#reading !== undefined) return this.#reading;
    this.#isStale = false;
    this.#reading = this.#readAll().finally(() => {
      this.#reading = undefined;
      if (this.#isStale) this.#catchUp();
    });
    return this.#reading;
  }

  /** Reads the whole stream, which compaction keeps short. What is in the list already stays as it is. */
  async #readAll(): Promise<void> {
    const { log, clock } = this.#options;
    const { epoch, oldest, head, checkpoint } = await log.head(REVOCATIONS_STREAM);
    const found = checkpoint === undefined ? [] : [...decodeCheckpoint(checkpoint)];
    let offset = oldest - 1;
    while (offset < head) {
      const { events } = await log.read(REVOCATIONS_STREAM, offset, PAGE);
      const last = events.at(-1);
      if (last === undefined) break;
      found.push(...events.map(fromLogEvent));
      offset = last.offset;
    }
    const isNumberedAnew = this.#position !== undefined && this.#position.epoch !== epoch;
    const remembered = isNumberedAnew ? this.#list.current(clock.now()) : [];
    for (const revocation of found) this.#list.add(revocation, clock.now());
    this.#position = { epoch, offset };
    this.#sinceCompaction = found.length;
    this.#options.onRevoked();
    // The log may have lost them: their ids see to it that those which are still there are not written again.
    if (remembered.length > 0) await log.append(REVOCATIONS_STREAM, remembered.map(toLogEvent));
  }

  #heard(epoch: string, events: readonly LogEvent[]): void {
    const position = this.#position;
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return;
    const isNext = position?.epoch === epoch && (first.prev ?? first.offset - 1) <= position.offset;
    if (this.#reading !== undefined || !isNext) {
      this.#isStale = true;
      this.#catchUp();
      return;
    }
    const now = this.#options.clock.now();
    for (const event of events) this.#list.add(fromLogEvent(event), now);
    this.#position = { epoch, offset: Math.max(position.offset, last.offset) };
    this.#options.onRevoked();
  }

  /** Reads again what this process has not heard of, when the log is there. */
  #catchUp(): void {
    if (this.#reading !== undefined || this.#isStopped) return;
    const { gate, onError } = this.#options;
    this.#read().catch((error: unknown) => {
      if (gate.isOutage(error)) void gate.whenOpen().then(() => this.#catchUp());
      else onError(error);
    });
  }

  /** Lets go of what has lapsed: what is still of use takes the place of the whole stream. */
  async #compact(): Promise<void> {
    this.#sinceCompaction = 0;
    const position = this.#position;
    if (position === undefined || this.#reading !== undefined) return;
    const current = this.#list.current(this.#options.clock.now());
    await this.#options.log.trim(REVOCATIONS_STREAM, position.offset, encodeCheckpoint(current));
  }
}
