import type { EventSchemas } from '@ws/types';
import type { RemoteAgent } from '../agent/remote-agent.ts';
import type { Clock } from '../clock.ts';
import type { ClockStep } from '../clock-watch.ts';
import type { Authorization } from '../connection/authorization.ts';
import type { InboundRates } from '../stream/inbound-limit.ts';
import type { EventLog, RetentionPolicy } from '../log/event-log.ts';
import type { LoadLimits } from '../modes/load-monitor.ts';
import type { ModeListener } from '../modes/modes.ts';
import type { TimingSink } from '../observe/metrics.ts';
import type { IdSource } from '../random.ts';
import type { AnnouncedRevocation } from '../shared/revocation-list.ts';
import type { UserMessageHandler } from '../agent/user-message.ts';

/** Settings of a hub. Every one has a default that is sane for production. */
export interface HubOptions {
  /** Where events live. @default new MemoryEventLog() */
  readonly log?: EventLog;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemIds */
  readonly ids?: IdSource;
  /** Called for each new message of a user; without it `user_message` is answered with `NO_AGENT`. */
  readonly onUserMessage?: UserMessageHandler;
  /** @internal An agent in another process, in place of `onUserMessage`. Applications get one of `webhook` and `inbox` of `@ws/server`. */
  readonly agent?: RemoteAgent;
  /** What users may do beyond what their credentials say. @default all of the own stream, and nothing else */
  readonly authorization?: Authorization;
  /** Called with faults of background work (leases, retention) that no caller waits for. @default console.error */
  readonly onError?: (error: unknown) => void;
  /** Schemas of application events; their payloads are checked at `emit`. Types without one pass unchecked. */
  readonly events?: EventSchemas;
  /** Takes timings, for a histogram of your metrics library. Counters are in `hub.stats()`. */
  readonly onTiming?: TimingSink;
  /**
   * The W3C trace context of whoever emits, asked for each event that brings none, so that traces go on at its readers. What is not a
   * `traceparent` is passed over.
   */
  readonly traceparent?: () => string | undefined;
  /**
   * How much of each stream is kept. Looked at every 256 appends, when a stream is loaded, and for age once an hour.
   * @default 10,000 events, 16 MiB, 7 days
   */
  readonly retention?: Partial<RetentionPolicy>;
  /** How much users, connections and messages may be. What is over a limit is refused, and no one else notices. */
  readonly limits?: HubLimits;
  /** What happens to events while the log is unavailable. */
  readonly outage?: OutageOptions;
  /** Times and sizes that fit most services as they are. */
  readonly tuning?: HubTuning;
  /**
   * Called with a revocation that takes effect in this process only, because the log is unavailable or full. A service of several
   * processes passes it to the others, which call {@link Hub.learnRevocation}.
   */
  readonly onUnwrittenRevocation?: (revocation: AnnouncedRevocation) => void;
  /** Called with each change of mode. */
  readonly onModeChange?: ModeListener;
  /** Called when the wall clock was set by a second or more, or the machine was suspended, within half a second. */
  readonly onClockStep?: (step: ClockStep) => void;
}

/** Limits that hold in the hub. */
export interface HubLimits {
  /** Open sockets of all users; one more is refused with `TOO_MANY_CONNECTIONS`. @default 50_000 */
  readonly connections?: number;
  /** Open sockets whose peers have not proved who they are; one more is refused with `TOO_MANY_CONNECTIONS`. @default 5_000 */
  readonly unauthenticated?: number;
  /** Open connections of one user; one more closes the oldest with 4509. @default 20 */
  readonly connectionsPerUser?: number;
  /** Open runs of one user; one more is refused with `RUN_LIMIT`. @default 100 */
  readonly openRunsPerUser?: number;
  /** Length of one client message as told to clients, in bytes; the socket adapter enforces it. @default 65_536 */
  readonly messageBytes?: number;
  /** Depth of a client's frame: levels of arrays and objects. A deeper one closes with 4500. @default 128 */
  readonly jsonDepth?: number;
  /** Length of one encoded event, in bytes; a longer one is refused with `EVENT_TOO_BIG`. @default 1_048_576 */
  readonly eventBytes?: number;
  /** Length of the arguments of an approval, in bytes of JSON; more is refused with `EVENT_TOO_BIG`. @default 65_536 */
  readonly approvalArgsBytes?: number;
  /**
   * What a connection may send, on average; a peer that was quiet may send ten seconds' worth at once. More closes it with 4029.
   *
   * @default 100 frames and 262,144 bytes per second
   */
  readonly inboundRates?: Partial<InboundRates>;
  /** What all connections of a user may send together, by the same rule. @default 400 frames and 1,048,576 bytes per second */
  readonly userInboundRates?: Partial<InboundRates>;
  /** From where on load is shed (mode `emergency`). @default 500 ms of event-loop lag, 0.9 of the heap limit */
  readonly load?: Partial<LoadLimits>;
}

/** What happens to events while the log is unavailable (mode `degraded`). */
export interface OutageOptions {
  /**
   * How long an event waits before it is rejected with `EMIT_TIMEOUT`, or `LOG_FULL` where the log's disk is full, in milliseconds.
   * @default 30_000
   */
  readonly emitDeadlineMs?: number;
  /**
   * Events that may wait, over all users; more are rejected with `SPILL_FULL`. What was being written when the log became unavailable waits
   * in any case: the log may hold it. @default 100_000
   */
  readonly bufferEvents?: number;
  /** Characters of payload that may wait, over all users. @default 67_108_864 */
  readonly bufferChars?: number;
}

/** Times and sizes that fit most services as they are. */
export interface HubTuning {
  /** Interval of WebSocket pings, in milliseconds. @default 25_000 */
  readonly heartbeatMs?: number;
  /**
   * Time a client has to say hello, and an application to check a credential or a right, in milliseconds. @default 10_000
   */
  readonly helloTimeoutMs?: number;
  /** Bytes a connection may have outstanding before it turns `lagging`. @default 1_048_576 */
  readonly outboundBudgetBytes?: number;
  /** How long a connection may make no headway before it is closed with 1013, in milliseconds. @default 60_000 */
  readonly maxLagMs?: number;
  /** Window in which text deltas of one run are joined, 0 to 100 milliseconds; 0 sends each alone. @default 25 */
  readonly coalesceMs?: number;
  /** Newest events of a connected user's stream held in memory. @default 512 */
  readonly tailEvents?: number;
  /** Characters of encoded events held in memory for a connected user's stream. @default 524_288 */
  readonly tailChars?: number;
  /** Events read from the log at once. @default 200 */
  readonly pageEvents?: number;
  /** How long a stream without connections and local runs stays in memory, in milliseconds. @default 60_000 */
  readonly streamIdleMs?: number;
  /** Life of the lease of a run emitted in this process, renewed while the process lives, in milliseconds. @default 15_000 */
  readonly runLeaseMs?: number;
  /** Life of the lease of a run published from outside, renewed by each of its events, in milliseconds. @default 300_000 */
  readonly publisherLeaseMs?: number;
  /** Time a cancelled agent has to end its run before the hub does, in milliseconds. @default 2_000 */
  readonly cancelGraceMs?: number;
  /**
   * By how much the clock of the issuer of credentials may differ from those of the hub's processes, in milliseconds. A credential
   * issued this soon after a revocation counts as older. @default 5_000
   */
  readonly clockToleranceMs?: number;
  /** Share of the heap limit in use now, 0 to 1, for {@link HubLimits.load}. @default what V8 says */
  readonly heapShare?: () => number;
}
