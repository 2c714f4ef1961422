import type { Clock } from '../clock.ts';
import type { ClockWatch } from '../clock-watch.ts';
import type { Delivery } from '../hub/delivery.ts';
import type { HubCounters } from '../observe/metrics.ts';
import type { TimerWheel } from '../hub/timer-wheel.ts';
import type { ResolvedHubOptions } from '../hub/resolve-hub-options.ts';
import type { EventLog, LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { OutageBuffer } from '../modes/outage-buffer.ts';
import type { IdSource } from '../random.ts';
import type { RunTable } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import type { WriteTurn } from './write-turn.ts';

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
  readonly options: ResolvedHubOptions;
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
