import {
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_JSON_DEPTH,
  DEFAULT_MAX_MESSAGE_BYTES,
  HELLO_TIMEOUT_MS,
  nearestName,
  WebSocketError,
} from '@ws/types';
import { resolveRemoteAgent, type ResolvedRemoteAgent } from '../agent/remote-agent.ts';
import { systemClock } from '../clock.ts';
import { limitAuthorization, type Authorization } from '../connection/authorization.ts';
import type { InboundRates } from '../stream/inbound-limit.ts';
import type { RetentionPolicy } from '../log/event-log.ts';
import { MemoryEventLog } from '../log/memory-log.ts';
import { systemHeapShare, type LoadLimits } from '../modes/load-monitor.ts';
import { systemIds } from '../random.ts';
import { inGroups } from './earlier-options.ts';
import type { HubLimits, HubOptions, HubTuning, OutageOptions } from './hub-options.ts';

/** Options that say what happens where no default can be. */
type Callbacks =
  'onUserMessage' | 'onModeChange' | 'onUnwrittenRevocation' | 'onClockStep' | 'onTiming' | 'traceparent' | 'events';

/** Options with every default filled in, for the parts of the hub. */
export type ResolvedHubOptions = Required<Pick<HubOptions, 'log' | 'clock' | 'ids' | 'onError'>> &
  Required<HubTuning> & { readonly [Name in Callbacks]: HubOptions[Name] | undefined } & {
    readonly agent: ResolvedRemoteAgent | undefined;
    readonly authorization: Authorization;
    readonly retention: RetentionPolicy;
    readonly maxConnections: number;
    readonly maxUnauthenticated: number;
    readonly maxConnectionsPerUser: number;
    readonly maxOpenRunsPerUser: number;
    readonly maxMessageBytes: number;
    readonly maxJsonDepth: number;
    readonly maxEventBytes: number;
    readonly maxApprovalArgsBytes: number;
    readonly inboundRates: InboundRates;
    readonly userInboundRates: InboundRates;
    readonly loadLimits: LoadLimits;
    readonly emitDeadlineMs: number;
    readonly outageEvents: number;
    readonly outageChars: number;
  };

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

/** Fills in defaults and refuses values that can't work, and names that mean nothing. Throws `INVALID_OPTION`, naming the option. */
export function resolveHubOptions(given: HubOptions): ResolvedHubOptions {
  const options = inGroups(given);
  refuseUnknown('', options, NAMES);
  if (options.agent !== undefined && options.onUserMessage !== undefined) {
    throw new WebSocketError('INVALID_OPTION', 'hub options onUserMessage and agent are both set: choose one');
  }
  const clock = options.clock ?? systemClock;
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const tuning = resolveTuning(options.tuning);
  const { helloTimeoutMs } = tuning;
  return {
    log: options.log ?? new MemoryEventLog(options.ids === undefined ? {} : { ids: options.ids }),
    clock,
    ids: options.ids ?? systemIds,
    authorization: limitAuthorization(options.authorization ?? {}, { clock, helloTimeoutMs, onError }),
    onError,
    onUserMessage: options.onUserMessage,
    agent: options.agent === undefined ? undefined : resolveRemoteAgent(options.agent),
    onModeChange: options.onModeChange,
    onUnwrittenRevocation: options.onUnwrittenRevocation,
    onClockStep: options.onClockStep,
    onTiming: options.onTiming,
    traceparent: options.traceparent,
    events: options.events,
    retention: {
      maxEvents: whole('retention.maxEvents', options.retention?.maxEvents, 10_000, 1),
      maxBytes: whole('retention.maxBytes', options.retention?.maxBytes, 16 * MIB, 1),
      maxAgeMs: whole('retention.maxAgeMs', options.retention?.maxAgeMs, 7 * DAY_MS, 1),
    },
    ...resolveLimits(options.limits),
    ...resolveOutage(options.outage),
    ...tuning,
  };
}

function resolveLimits(given: HubLimits = {}) {
  const { load, inboundRates, userInboundRates } = given;
  return {
    maxConnections: whole('limits.connections', given.connections, 50_000, 1),
    maxUnauthenticated: whole('limits.unauthenticated', given.unauthenticated, 5_000, 1),
    maxConnectionsPerUser: whole('limits.connectionsPerUser', given.connectionsPerUser, 20, 1),
    maxOpenRunsPerUser: whole('limits.openRunsPerUser', given.openRunsPerUser, 100, 1),
    maxMessageBytes: whole('limits.messageBytes', given.messageBytes, DEFAULT_MAX_MESSAGE_BYTES, 1),
    maxJsonDepth: whole('limits.jsonDepth', given.jsonDepth, DEFAULT_MAX_JSON_DEPTH, 1),
    maxEventBytes: whole('limits.eventBytes', given.eventBytes, MIB, 1),
    maxApprovalArgsBytes: whole('limits.approvalArgsBytes', given.approvalArgsBytes, 65_536, 1),
    inboundRates: rates('limits.inboundRates', inboundRates, 100, MIB / 4),
    userInboundRates: rates('limits.userInboundRates', userInboundRates, 400, MIB),
    loadLimits: {
      lagMs: whole('limits.load.lagMs', load?.lagMs, 500, 1),
      heapShare: share('limits.load.heapShare', load?.heapShare, 0.9),
    },
  };
}

function resolveOutage(given: OutageOptions = {}) {
  return {
    emitDeadlineMs: whole('outage.emitDeadlineMs', given.emitDeadlineMs, 30_000, 1),
    outageEvents: whole('outage.bufferEvents', given.bufferEvents, 100_000, 0),
    outageChars: whole('outage.bufferChars', given.bufferChars, 64 * MIB, 0),
  };
}

function resolveTuning(given: HubTuning = {}): Required<HubTuning> {
  return {
    heartbeatMs: whole('tuning.heartbeatMs', given.heartbeatMs, DEFAULT_HEARTBEAT_MS, 1),
    helloTimeoutMs: whole('tuning.helloTimeoutMs', given.helloTimeoutMs, HELLO_TIMEOUT_MS, 1),
    outboundBudgetBytes: whole('tuning.outboundBudgetBytes', given.outboundBudgetBytes, MIB, 1),
    maxLagMs: whole('tuning.maxLagMs', given.maxLagMs, 60_000, 1),
    coalesceMs: whole('tuning.coalesceMs', given.coalesceMs, 25, 0, 100),
    tailEvents: whole('tuning.tailEvents', given.tailEvents, 512, 1),
    tailChars: whole('tuning.tailChars', given.tailChars, MIB / 2, 1),
    pageEvents: whole('tuning.pageEvents', given.pageEvents, 200, 1),
    streamIdleMs: whole('tuning.streamIdleMs', given.streamIdleMs, 60_000, 0),
    runLeaseMs: whole('tuning.runLeaseMs', given.runLeaseMs, 15_000, 1),
    publisherLeaseMs: whole('tuning.publisherLeaseMs', given.publisherLeaseMs, 300_000, 1),
    cancelGraceMs: whole('tuning.cancelGraceMs', given.cancelGraceMs, 2_000, 0),
    clockToleranceMs: whole('tuning.clockToleranceMs', given.clockToleranceMs, 5_000, 0),
    heapShare: given.heapShare ?? systemHeapShare,
  };
}

interface Names {
  readonly [name: string]: true | Names;
}

const RATES = { framesPerSecond: true, bytesPerSecond: true } as const satisfies Record<keyof InboundRates, true>;

/** Every option there is. */
const NAMES = {
  log: true,
  clock: true,
  ids: true,
  onUserMessage: true,
  agent: true,
  authorization: true,
  onError: true,
  events: true,
  onTiming: true,
  traceparent: true,
  onUnwrittenRevocation: true,
  onModeChange: true,
  onClockStep: true,
  retention: { maxEvents: true, maxBytes: true, maxAgeMs: true } satisfies Record<keyof RetentionPolicy, true>,
  limits: {
    connections: true,
    unauthenticated: true,
    connectionsPerUser: true,
    openRunsPerUser: true,
    messageBytes: true,
    jsonDepth: true,
    eventBytes: true,
    approvalArgsBytes: true,
    inboundRates: RATES,
    userInboundRates: RATES,
    load: { lagMs: true, heapShare: true } satisfies Record<keyof LoadLimits, true>,
  } satisfies Record<keyof HubLimits, true | Names>,
  outage: { emitDeadlineMs: true, bufferEvents: true, bufferChars: true } satisfies Record<keyof OutageOptions, true>,
  tuning: {
    heartbeatMs: true,
    helloTimeoutMs: true,
    outboundBudgetBytes: true,
    maxLagMs: true,
    coalesceMs: true,
    tailEvents: true,
    tailChars: true,
    pageEvents: true,
    streamIdleMs: true,
    runLeaseMs: true,
    publisherLeaseMs: true,
    cancelGraceMs: true,
    clockToleranceMs: true,
    heapShare: true,
  } satisfies Record<keyof HubTuning, true>,
} as const satisfies Record<keyof HubOptions, true | Names>;

/** Refuses unknown options: a mistyped one would silently keep its default. */
function refuseUnknown(group: string, given: object, names: Names): void {
  for (const [name, value] of Object.entries(given)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined) {
      const meant = meantBy(name, group, names);
      const hint = meant === undefined ? 'see HubOptions for those there are' : `did you mean ${meant}?`;
      throw new WebSocketError('INVALID_OPTION', `there is no hub option ${group}${name}: ${hint}`);
    }
    if (known === true || value === undefined) continue;
    if (typeof value !== 'object' || value === null) {
      throw new WebSocketError('INVALID_OPTION', `hub option ${group}${name} must be an object, got ${String(value)}`);
    }
    refuseUnknown(`${group}${name}.`, value as object, known);
  }
}

/** The option that is nearest in the same group, else in another. */
function meantBy(name: string, group: string, names: Names): string | undefined {
  const here = nearestName(name, Object.keys(names));
  if (here !== undefined) return group + here;
  for (const [other, members] of Object.entries<true | Names>(NAMES)) {
    const there = members === true ? undefined : nearestName(name, Object.keys(members));
    if (there !== undefined) return `${other}.${there}`;
  }
  return nearestName(name, Object.keys(NAMES));
}

function rates(name: string, given: Partial<InboundRates> = {}, frames: number, bytes: number): InboundRates {
  return {
    framesPerSecond: whole(`${name}.framesPerSecond`, given.framesPerSecond, frames, 1),
    bytesPerSecond: whole(`${name}.bytesPerSecond`, given.bytesPerSecond, bytes, 1),
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
