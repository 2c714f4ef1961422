import type { Clock } from '../clock.ts';
import type { Delivery } from '../stream/delivery.ts';
import type { HubCounters, TimingSink } from '../observe/metrics.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import type { PageReads } from './page-reads.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';

/** What a connection needs of its hub. */
export interface ConnectionServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly delivery: Delivery;
  readonly pageReads: PageReads;
  readonly breaker: LogCircuitBreaker;
  readonly counters: HubCounters;
  readonly limit: ConnectionLimit;
  readonly pageEvents: number;
  readonly outboundBudgetBytes: number;
  readonly maxLagMs: number;
  readonly onTiming: TimingSink | undefined;
  readonly onError: (error: unknown) => void;
}
