import type { Clock } from '../clock.ts';
import type { ClockWatch } from '../clock-watch.ts';
import type { Delivery } from './delivery.ts';
import type { HubCounters, TimingSink } from '../observe/metrics.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EventLog, LogEvent, NewLogEvent, RetentionPolicy } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { OutageBuffer } from '../modes/outage-buffer.ts';
import type { IdSource } from '../random.ts';
import type { RunTable } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import type { InboundRates } from './inbound-limit.ts';
import type { WriteTurn } from './append-queue.ts';

/** What can be chosen of streams; the options of a hub say what each means. */
interface StreamOptions {
  readonly retention: RetentionPolicy;
  readonly tailEvents: number;
  readonly tailChars: number;
  readonly maxEventBytes: number;
  readonly maxOpenRunsPerUser: number;
  readonly userInboundRates: InboundRates;
  readonly emitDeadlineMs: number;
  readonly onTiming: TimingSink | undefined;
  readonly onError: (error: unknown) => void;
}

/** What a stream needs of its hub. */
export interface StreamServices {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly watch: ClockWatch;
  readonly ids: IdSource;
  readonly wheel: TimerWheel;
  readonly breaker: LogCircuitBreaker;
  readonly outageBuffer: OutageBuffer;
  readonly delivery: Delivery;
  readonly writeTurn: WriteTurn;
  readonly counters: HubCounters;
  readonly options: StreamOptions;
  /** Claims the runs that `events` start or renew, before they are written. */
  claimRuns(stream: StreamKey, events: readonly NewLogEvent[]): Promise<void> | void;
  /** A stream is in memory, with these runs. */
  loaded(stream: StreamKey, runs: RunTable): void;
  /** An event changed a run, from this process or another. */
  runChanged(stream: StreamKey, event: LogEvent): void;
  /** Events were appended here: claims of runs that they ended are released. */
  appended(stream: StreamKey, events: readonly NewLogEvent[]): void;
  /** The stream has nothing left to do for anybody here: it may be let go. */
  streamIdle(stream: StreamKey): void;
}
