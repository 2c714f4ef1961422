import { toUserId, WebSocketError, type EventId, type StreamPosition, type UserId } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { ClockWatch } from '../clock-watch.ts';
import type { Authentication } from '../authentication.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EventLog, LogEvent, MaybePromise } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { IdSource } from '../random.ts';
import { REVOCATIONS_STREAM } from '../stream-key.ts';
import { decodeCheckpoint, encodeCheckpoint, fromLogEvent, toLogEvent } from './revocation-codec.ts';
import {
  RevocationList,
  type AnnouncedRevocation,
  type Revocation,
  type RevocationRefusal,
} from './revocation-list.ts';

export interface RevocationsOptions {
  readonly log: EventLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly watch: Pick<ClockWatch, 'cautiousNow'>;
  readonly ids: IdSource;
  readonly wheel: Pick<TimerWheel, 'after'>;
  readonly breaker: Pick<LogCircuitBreaker, 'isClosed' | 'isOutage' | 'whenClosed'>;
  /** By how much the clock of an issuer may differ from that of the process that announces a revocation, in milliseconds. */
  readonly clockToleranceMs: number;
  readonly onError: (error: unknown) => void;
  /** Something may have been revoked that was good before: look at the open connections. */
  readonly onRevoked: () => void;
  /** When the newest credential was issued that a connection of this user rests on here, in milliseconds since 1970; 0 for none. */
  readonly newestIssuedAt: (userId: UserId) => number;
  /** A revocation that was announced here could not be written: other processes do not hear of it by the log. */
  readonly onUnwrittenRevocation: ((revocation: AnnouncedRevocation) => void) | undefined;
}

/** What became of a revocation. It has effect in this process in any case. */
export interface RevocationReceipt {
  /**
   * Whether the log has it, so that every process gets it. `false`: the log is unavailable or full. The revocation is written when the
   * log is back. Until then other processes do not know it, and it is lost if this process ends.
   */
  readonly written: boolean;
  /**
   * From when on new credentials of the user are good, in milliseconds since 1970: a whole second. Absent where one credential was
   * revoked by its id.
   */
  readonly validFrom?: number;
}

/** Announcements between two compactions. */
const COMPACT_EVERY = 256;
const PAGE = 500;
/** How often the stream is compared with memory: it may have been deleted in the storage, or a message was lost. */
const COMPARE_EVERY_MS = 30_000;

/**
 * Credentials that are no longer good, in all processes. They are events of a stream of their own in the log, so they reach every
 * process, outlive restarts, and show when a message about them was lost, by the same means as any event does.
 *
 * A revocation has effect in this process first and is written then, and each process writes what it remembers and the stream
 * lacks: what could not be written because the log was away, and what was deleted, evicted or flushed on the server. Ids of events
 * see to it that nothing is written twice.
 */
export class Revocations {
  readonly #options: RevocationsOptions;
  readonly #list: RevocationList;
  /** Known here and, as far as this process knows, not in the log. */
  readonly #unwritten = new Map<EventId, AnnouncedRevocation>();
  /** Those among them that their announcement is writing. */
  readonly #beingWritten = new Set<EventId>();
  /** Up to where the stream is in the list; `undefined` before it was read. */
  #position: StreamPosition | undefined;
  #reading: Promise<void> | undefined;
  /** News came while the stream was read. */
  #isStale = false;
  #isWaiting = false;
  #unsubscribe: (() => void) | undefined;
  #sinceCompaction = 0;
  #isStopped = false;

  constructor(options: RevocationsOptions) {
    this.#options = options;
    this.#list = new RevocationList(options.clockToleranceMs);
  }

  /** How many revocations this process has learned of since it began: see {@link refusalOf}. */
  get learned(): number {
    return this.#list.learned;
  }

  /** How many have effect in this process alone, because the log could not be written. */
  get unwritten(): number {
    return this.#unwritten.size;
  }

  /**
   * Reads what was revoked before; answers at once when that was done.
   *
   * @throws the log's errors
   */
  load(): MaybePromise<void> {
    return this.#position === undefined ? this.#read() : undefined;
  }

  /**
   * Why a credential is refused, as far as this process knows, or `undefined`. Wait for {@link load} before a credential is accepted.
   *
   * @param since - {@link learned} at the time the credential was found good: of what was revoked later, it does not matter when
   *   the credential says it was issued
   */
  refusalOf(authentication: Authentication, since?: number): RevocationRefusal | undefined {
    return this.#list.refusalOf(authentication, this.#listNow(), since);
  }

  /**
   * As {@link refusalOf}, when what was revoked before this process began is known. What is known already needs no log.
   *
   * @throws the log's errors
   */
  async refusalWhenLoaded(authentication: Authentication): Promise<RevocationRefusal | undefined> {
    const known = this.refusalOf(authentication);
    if (known !== undefined || this.#position !== undefined) return known;
    await this.load();
    return this.refusalOf(authentication);
  }

  /** From when on credentials of a user are good, in milliseconds since 1970, as far as this process has heard. 0: all are. */
  validFrom(userId: string): number {
    return this.#list.validFrom(userId, this.#listNow());
  }

  /** Refuses credentials here at once, and tells every process. Resolves when the log has it, or can't be written. */
  async announce({ userId, tokenId, expiresAt }: Revocation): Promise<RevocationReceipt> {
    const { clock, ids, clockToleranceMs } = this.#options;
    const user = toUserId(userId);
    const now = clock.now();
    if (!Number.isFinite(expiresAt) || expiresAt <= now) {
      throw new WebSocketError('INVALID_OPTION', `expiresAt of a revocation must be a future time, got ${expiresAt}`);
    }
    const newest = this.#options.newestIssuedAt(user);
    const revocation: AnnouncedRevocation = {
      userId: user,
      ...(tokenId === undefined ? {} : { tokenId }),
      expiresAt,
      // What an id source gives is an id.
      eventId: ids.next() as EventId,
      // The clock here was set back, or the issuer's goes ahead: what is being closed must not be good for another connection.
      revokedAt: tokenId === undefined && newest > now + clockToleranceMs ? newest : now,
    };
    this.#unwritten.set(revocation.eventId, revocation);
    this.#list.add(revocation, this.#listNow(), true);
    this.#options.onRevoked();
    const written = await this.#write(revocation);
    if (!written) this.#options.onUnwrittenRevocation?.(revocation);
    return { written, ...(tokenId === undefined ? { validFrom: this.validFrom(user) } : {}) };
  }

  /** Takes what another process announced and could not write: it has effect here at once, and is written by the first that can. */
  learn(revocation: AnnouncedRevocation): void {
    this.#unwritten.set(revocation.eventId, revocation);
    this.#list.add(revocation, this.#listNow(), true);
    this.#options.onRevoked();
    this.#catchUp();
  }

  /** Reads again and writes what the stream lacks, in the background, if this process has ever asked or revoked. */
  compare(): void {
    if (this.#position !== undefined || this.#unwritten.size > 0) this.#catchUp();
  }

  /** Unwritten revocations are lost with this process. Their callers got `written: false`. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    const { size } = this.#unwritten;
    if (size === 0) return;
    const what = `${size} revocations were never written to the log, and end with this process: repeat them`;
    this.#options.onError(new WebSocketError('LOG_UNAVAILABLE', what));
  }

  /** Whether the log has it now. Throws what is no outage. */
  async #write(revocation: AnnouncedRevocation): Promise<boolean> {
    const { log, breaker, onError } = this.#options;
    if (!breaker.isClosed) {
      this.#catchUpWhenClosed();
      return false;
    }
    const { eventId } = revocation;
    this.#beingWritten.add(eventId);
    try {
      await this.load();
      const result = await log.append(REVOCATIONS_STREAM, [toLogEvent(revocation)]);
      if (result.kind === 'appended' && result.epoch !== this.#position?.epoch) this.#catchUp();
    } catch (error) {
      if (!breaker.isOutage(error)) throw error;
      this.#catchUpWhenClosed();
      return false;
    } finally {
      this.#beingWritten.delete(eventId);
    }
    this.#unwritten.delete(eventId);
    this.#sinceCompaction += 1;
    if (this.#sinceCompaction >= COMPACT_EVERY) this.#compact().catch(onError);
    return true;
  }

  #read(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#unsubscribe === undefined) {
      this.#unsubscribe = this.#options.log.subscribe(REVOCATIONS_STREAM, (epoch, events) =>
        this.#heard(epoch, events),
      );
      this.#planComparison();
    }
    this.#isStale = false;
    this.#reading = this.#readAndWriteMissing();
    return this.#reading;
  }

  async #readAndWriteMissing(): Promise<void> {
    try {
      await this.#readAll();
    } finally {
      this.#reading = undefined;
    }
    if (this.#isStale) this.#catchUp();
    else this.#writeMissing();
  }

  /** Reads the whole stream, which compaction keeps short, and notes what it lacks. What is in the list already stays as it is. */
  async #readAll(): Promise<void> {
    const { log, onRevoked } = this.#options;
    const { epoch, oldest, head, checkpoint } = await log.head(REVOCATIONS_STREAM);
    const folded = checkpoint === undefined ? [] : decodeCheckpoint(checkpoint);
    const events: LogEvent[] = [];
    let offset = oldest - 1;
    while (offset < head) {
      const page = await log.read(REVOCATIONS_STREAM, offset, PAGE);
      const last = page.events.at(-1);
      if (last === undefined) break;
      events.push(...page.events);
      offset = last.offset;
    }
    const now = await log.head(REVOCATIONS_STREAM);
    // Another process has compacted the stream meanwhile: what it took away may not have been read.
    if (now.epoch !== epoch || now.oldest !== oldest) return this.#readAll();

    const before = this.#position;
    const time = this.#listNow();
    const found = [...folded.map((one) => ({ one, offset: 0 })), ...events.map(numbered)];
    for (const { one, offset: at } of found) {
      const isAfter = before?.epoch === epoch && at > before.offset;
      this.#list.add(one, time, isAfter || (before !== undefined && !this.#list.says(one)));
    }
    this.#position = { epoch, offset };
    this.#sinceCompaction = events.length;
    this.#unwritten.clear();
    const missing = this.#list.missingFrom(
      found.map(({ one }) => one),
      time,
    );
    for (const one of missing) this.#unwritten.set(one.eventId, one);
    onRevoked();
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
    const now = this.#listNow();
    for (const event of events) this.#list.add(fromLogEvent(event), now, true);
    this.#position = { epoch, offset: Math.max(position.offset, last.offset) };
    this.#options.onRevoked();
  }

  /** Reads again what this process has not heard of and writes what the stream lacks, when the log is there. */
  #catchUp(): void {
    if (this.#reading !== undefined || this.#isStopped) return;
    this.#read().catch((error: unknown) => this.#failed(error));
  }

  #catchUpWhenClosed(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#options.breaker.whenClosed().then(() => {
      this.#isWaiting = false;
      this.#catchUp();
    });
  }

  #planComparison(): void {
    this.#options.wheel.after(COMPARE_EVERY_MS, () => {
      if (this.#isStopped) return;
      this.#planComparison();
      if (this.#options.breaker.isClosed) this.#catchUp();
    });
  }

  /** Writes what is remembered here and not in the stream. Several processes may do so at once. */
  #writeMissing(): void {
    const missing = [...this.#unwritten.values()].filter((it) => !this.#beingWritten.has(it.eventId)).slice(0, PAGE);
    if (missing.length === 0 || this.#isStopped || !this.#options.breaker.isClosed) return;
    const write = async (): Promise<void> => {
      await this.#options.log.append(REVOCATIONS_STREAM, missing.map(toLogEvent));
      for (const { eventId } of missing) this.#unwritten.delete(eventId);
      this.#writeMissing();
    };
    write().catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#options.breaker.isOutage(error)) this.#catchUpWhenClosed();
    else this.#options.onError(error);
  }

  /**
   * The time by which a revocation has lapsed. A wall clock that is set forward must not forget one: the credentials are good again when
   * it is set right.
   */
  #listNow(): number {
    return this.#options.watch.cautiousNow(Infinity);
  }

  /** Lets go of what has lapsed: what is still of use takes the place of the whole stream. */
  async #compact(): Promise<void> {
    this.#sinceCompaction = 0;
    const position = this.#position;
    if (position === undefined || this.#reading !== undefined) return;
    const current = this.#list.current(this.#listNow());
    await this.#options.log.trim(REVOCATIONS_STREAM, position.offset, encodeCheckpoint(current));
  }
}

function numbered(event: LogEvent): { readonly one: AnnouncedRevocation; readonly offset: number } {
  return { one: fromLogEvent(event), offset: event.offset };
}
