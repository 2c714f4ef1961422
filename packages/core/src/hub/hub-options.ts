import {
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_JSON_DEPTH,
  DEFAULT_MAX_MESSAGE_BYTES,
  HELLO_TIMEOUT_MS,
  nearestName,
  WebSocketError,
  type EventSchemas,
} from '@ws/types';
import { resolveRemoteAgent, type RemoteAgent, type ResolvedRemoteAgent } from '../agent/remote-agent.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { ClockStep } from '../clock-watch.ts';
import { limitAuthorization, type Authorization } from '../connection/authorization.ts';
import type { InboundRates } from '../connection/inbound-limit.ts';
import type { EventLog, RetentionPolicy } from '../log/event-log.ts';
import { MemoryEventLog } from '../log/memory-log.ts';
import { systemHeapShare, type LoadLimits } from '../modes/load-monitor.ts';
import type { ModeListener } from '../modes/modes.ts';
import type { TimingSink } from '../observe/metrics.ts';
import { systemIds, type IdSource } from '../random.ts';
import type { AnnouncedRevocation } from '../shared/revocation-list.ts';
import type { UserMessageHandler } from './user-message.ts';

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
  /** An agent in another process, in place of `onUserMessage`: users' messages, cancellations and decisions are handed to it. */
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
  /** Interval of WebSocket pings, in milliseconds. @default 25_000 */
  readonly heartbeatMs?: number;
  /**
   * Time a client has to say hello, and an application to check a credential or a right, in milliseconds. @default 10_000
   */
  readonly helloTimeoutMs?: number;
  /** Limit of one client message as told to clients, in bytes; the socket adapter enforces it. @default 65_536 */
  readonly maxMessageBytes?: number;
  /** Limit of the depth of a client's frame: levels of arrays and objects. A deeper one closes with 4500. @default 128 */
  readonly maxJsonDepth?: number;
  /** Limit of one encoded event, in bytes. @default 1_048_576 */
  readonly maxEventBytes?: number;
  /** Limit of the arguments of an approval, in bytes of JSON; more is refused with `EVENT_TOO_BIG`. @default 65_536 */
  readonly maxApprovalArgsBytes?: number;
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
  /** Open sockets of all users; one more is refused with `TOO_MANY_CONNECTIONS`. @default 50_000 */
  readonly maxConnections?: number;
  /** Open sockets whose peers have not proved who they are; one more is refused with `TOO_MANY_CONNECTIONS`. @default 5_000 */
  readonly maxUnauthenticated?: number;
  /**
   * What a connection may send, on average; a peer that was quiet may send ten seconds' worth at once. More closes it with 4029.
   *
   * @default 100 frames and 262,144 bytes per second
   */
  readonly inboundRates?: Partial<InboundRates>;
  /** What all connections of a user may send together, by the same rule. @default 400 frames and 1,048,576 bytes per second */
  readonly userInboundRates?: Partial<InboundRates>;
  /** Open connections of one user; one more closes the oldest with 4509. @default 20 */
  readonly maxConnectionsPerUser?: number;
  /**
   * By how much the clock of the issuer of credentials may differ from those of the hub's processes, in milliseconds. A credential
   * issued this soon after a revocation counts as older. @default 5_000
   */
  readonly clockToleranceMs?: number;
  /** Open runs of one user; one more is refused with `RUN_LIMIT`. @default 100 */
  readonly maxOpenRunsPerUser?: number;
  /** Life of the lease of a run emitted in this process, renewed while the process lives, in milliseconds. @default 15_000 */
  readonly runLeaseMs?: number;
  /** Life of the lease of a run published from outside, renewed by each of its events, in milliseconds. @default 300_000 */
  readonly publisherLeaseMs?: number;
  /** Time a cancelled agent has to end its run before the hub does, in milliseconds. @default 2_000 */
  readonly cancelGraceMs?: number;
  /**
   * How long an event waits while the log is away before it is rejected with `EMIT_TIMEOUT`, or `LOG_FULL` where its disk is full, in
   * milliseconds. @default 30_000
   */
  readonly emitDeadlineMs?: number;
  /**
   * Events that may wait while the log is away, over all users; more are rejected with `SPILL_FULL`. What was being written when
   * it went away waits in any case: the log may hold it. @default 100_000
   */
  readonly spillEvents?: number;
  /** Characters of payload that may wait while the log is away, over all users. @default 67_108_864 */
  readonly spillChars?: number;
  /** From where on load is shed (mode `emergency`). @default 500 ms of event-loop lag, 0.9 of the heap limit */
  readonly loadLimits?: Partial<LoadLimits>;
  /** Share of the heap limit in use now, 0 to 1. @default what V8 says */
  readonly heapShare?: () => number;
  /**
   * Called with a revocation that takes effect in this process only, because the log is unavailable or full. A service of several
   * processes passes it to the others, which call {@link Hub.learnRevocation}.
   */
  readonly onUnwrittenRevocation?: (revocation: AnnouncedRevocation) => void;
  /** Called with each change of mode. */
  readonly onModeChange?: ModeListener;
  /** Called when the wall clock was set by a second or more, or the machine was suspended, within half a second. */
  readonly onClockStep?: (step: ClockStep) => void;
  /** How long a stream without connections and local runs stays in memory, in milliseconds. @default 60_000 */
  readonly streamIdleMs?: number;
}

/** Settings with every default filled in. */
export type ResolvedHubOptions = Required<
  Omit<
    HubOptions,
    | 'onUserMessage'
    | 'agent'
    | 'onModeChange'
    | 'onUnwrittenRevocation'
    | 'onClockStep'
    | 'onTiming'
    | 'traceparent'
    | 'events'
    | 'retention'
    | 'loadLimits'
    | 'inboundRates'
    | 'userInboundRates'
  >
> & {
  readonly onUserMessage: UserMessageHandler | undefined;
  readonly agent: ResolvedRemoteAgent | undefined;
  readonly onModeChange: ModeListener | undefined;
  readonly onUnwrittenRevocation: ((revocation: AnnouncedRevocation) => void) | undefined;
  readonly onClockStep: ((step: ClockStep) => void) | undefined;
  readonly onTiming: TimingSink | undefined;
  readonly traceparent: (() => string | undefined) | undefined;
  readonly events: EventSchemas | undefined;
  readonly loadLimits: LoadLimits;
  readonly retention: RetentionPolicy;
  readonly inboundRates: InboundRates;
  readonly userInboundRates: InboundRates;
};

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

/** Fills in defaults and refuses values that can't work, and names that mean nothing. Throws `INVALID_OPTION`, naming the option. */
export function resolveHubOptions(options: HubOptions): ResolvedHubOptions {
  if (options.agent !== undefined && options.onUserMessage !== undefined) {
    throw new WebSocketError('INVALID_OPTION', 'hub options onUserMessage and agent are both set: choose one');
  }
  const resolved = withDefaults(options);
  refuseUnknown('', options, resolved);
  for (const group of ['retention', 'loadLimits', 'inboundRates', 'userInboundRates'] as const) {
    refuseUnknown(`${group}.`, options[group] ?? {}, resolved[group]);
  }
  return resolved;
}

/** Refuses unknown options: a mistyped one would silently keep its default. */
function refuseUnknown(group: string, given: object, known: object): void {
  const unknown = Object.keys(given).find((name) => !(name in known));
  if (unknown === undefined) return;
  const meant = nearestName(unknown, Object.keys(known));
  const hint = meant === undefined ? 'see HubOptions for those there are' : `did you mean ${group}${meant}?`;
  throw new WebSocketError('INVALID_OPTION', `there is no hub option ${group}${unknown}: ${hint}`);
}

function withDefaults(options: HubOptions): ResolvedHubOptions {
  const clock = options.clock ?? systemClock;
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const helloTimeoutMs = whole('helloTimeoutMs', options.helloTimeoutMs, HELLO_TIMEOUT_MS, 1);
  return {
    log: options.log ?? new MemoryEventLog(options.ids === undefined ? {} : { ids: options.ids }),
    clock,
    ids: options.ids ?? systemIds,
    onUserMessage: options.onUserMessage,
    agent: options.agent === undefined ? undefined : resolveRemoteAgent(options.agent),
    authorization: limitAuthorization(options.authorization ?? {}, { clock, helloTimeoutMs, onError }),
    onError,
    retention: {
      maxEvents: whole('retention.maxEvents', options.retention?.maxEvents, 10_000, 1),
      maxBytes: whole('retention.maxBytes', options.retention?.maxBytes, 16 * MIB, 1),
      maxAgeMs: whole('retention.maxAgeMs', options.retention?.maxAgeMs, 7 * DAY_MS, 1),
    },
    heartbeatMs: whole('heartbeatMs', options.heartbeatMs, DEFAULT_HEARTBEAT_MS, 1),
    helloTimeoutMs,
    maxMessageBytes: whole('maxMessageBytes', options.maxMessageBytes, DEFAULT_MAX_MESSAGE_BYTES, 1),
    maxJsonDepth: whole('maxJsonDepth', options.maxJsonDepth, DEFAULT_MAX_JSON_DEPTH, 1),
    maxEventBytes: whole('maxEventBytes', options.maxEventBytes, MIB, 1),
    maxApprovalArgsBytes: whole('maxApprovalArgsBytes', options.maxApprovalArgsBytes, 65_536, 1),
    outboundBudgetBytes: whole('outboundBudgetBytes', options.outboundBudgetBytes, MIB, 1),
    maxLagMs: whole('maxLagMs', options.maxLagMs, 60_000, 1),
    coalesceMs: whole('coalesceMs', options.coalesceMs, 25, 0, 100),
    tailEvents: whole('tailEvents', options.tailEvents, 512, 1),
    tailChars: whole('tailChars', options.tailChars, MIB / 2, 1),
    pageEvents: whole('pageEvents', options.pageEvents, 200, 1),
    maxConnections: whole('maxConnections', options.maxConnections, 50_000, 1),
    maxUnauthenticated: whole('maxUnauthenticated', options.maxUnauthenticated, 5_000, 1),
    inboundRates: inboundRates('inboundRates', options.inboundRates, 100, MIB / 4),
    userInboundRates: inboundRates('userInboundRates', options.userInboundRates, 400, MIB),
    maxConnectionsPerUser: whole('maxConnectionsPerUser', options.maxConnectionsPerUser, 20, 1),
    clockToleranceMs: whole('clockToleranceMs', options.clockToleranceMs, 5_000, 0),
    maxOpenRunsPerUser: whole('maxOpenRunsPerUser', options.maxOpenRunsPerUser, 100, 1),
    runLeaseMs: whole('runLeaseMs', options.runLeaseMs, 15_000, 1),
    publisherLeaseMs: whole('publisherLeaseMs', options.publisherLeaseMs, 300_000, 1),
    cancelGraceMs: whole('cancelGraceMs', options.cancelGraceMs, 2_000, 0),
    emitDeadlineMs: whole('emitDeadlineMs', options.emitDeadlineMs, 30_000, 1),
    spillEvents: whole('spillEvents', options.spillEvents, 100_000, 0),
    spillChars: whole('spillChars', options.spillChars, 64 * MIB, 0),
    loadLimits: {
      lagMs: whole('loadLimits.lagMs', options.loadLimits?.lagMs, 500, 1),
      heapShare: share('loadLimits.heapShare', options.loadLimits?.heapShare, 0.9),
    },
    heapShare: options.heapShare ?? systemHeapShare,
    onModeChange: options.onModeChange,
    onUnwrittenRevocation: options.onUnwrittenRevocation,
    onClockStep: options.onClockStep,
    onTiming: options.onTiming,
    traceparent: options.traceparent,
    events: options.events,
    streamIdleMs: whole('streamIdleMs', options.streamIdleMs, 60_000, 0),
  };
}

function inboundRates(
  name: string,
  { framesPerSecond, bytesPerSecond }: Partial<InboundRates> = {},
  frames: number,
  bytes: number,
): InboundRates {
  return {
    framesPerSecond: whole(`${name}.framesPerSecond`, framesPerSecond, frames, 1),
    bytesPerSecond: whole(`${name}.bytesPerSecond`, bytesPerSecond, bytes, 1),
  };
}

function share(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (value > 0 && value <= 1) return value;
  throw new WebSocketError('INVALID_OPTION', `hub option ${name} must be above 0 and at most 1, got ${value}`);
}

function whole(name: string, value: number | undefined, fallback: number, min: number, max = 2 ** 53 - 1): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === 2 ** 53 - 1 ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new WebSocketError('INVALID_OPTION', `hub option ${name} must be a whole number ${range}, got ${value}`);
}
