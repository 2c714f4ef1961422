import type { HubOptions } from '@ws/core';
import type { SettingValues } from './table/settings-table.ts';

/** What the settings say to the hub. */
export function hubSettings(values: SettingValues) {
  return {
    retention: {
      maxEvents: values.WS_RETENTION_EVENTS,
      maxBytes: values.WS_RETENTION_BYTES,
      maxAgeMs: values.WS_RETENTION_MS,
    },
    heartbeatMs: values.WS_HEARTBEAT_MS,
    helloTimeoutMs: values.WS_HELLO_TIMEOUT_MS,
    maxMessageBytes: values.WS_MAX_MESSAGE_BYTES,
    maxJsonDepth: values.WS_MAX_JSON_DEPTH,
    maxApprovalArgsBytes: values.WS_MAX_APPROVAL_ARGS_BYTES,
    maxLagMs: values.WS_MAX_LAG_MS,
    coalesceMs: values.WS_COALESCE_MS,
    maxConnections: values.WS_MAX_CONNECTIONS,
    maxUnauthenticated: values.WS_MAX_UNAUTHENTICATED,
    maxConnectionsPerUser: values.WS_MAX_CONNECTIONS_PER_USER,
    inboundRates: {
      framesPerSecond: values.WS_MAX_FRAMES_PER_SECOND,
      bytesPerSecond: values.WS_MAX_BYTES_PER_SECOND,
    },
    userInboundRates: {
      framesPerSecond: values.WS_MAX_FRAMES_PER_SECOND_PER_USER,
      bytesPerSecond: values.WS_MAX_BYTES_PER_SECOND_PER_USER,
    },
    clockToleranceMs: values.WS_JWT_CLOCK_TOLERANCE_MS,
    maxOpenRunsPerUser: values.WS_MAX_OPEN_RUNS_PER_USER,
    runLeaseMs: values.WS_RUN_LEASE_MS,
    publisherLeaseMs: values.WS_PUBLISHER_LEASE_MS,
    emitDeadlineMs: values.WS_EMIT_DEADLINE_MS,
    spillEvents: values.WS_OUTAGE_EVENTS,
    spillChars: values.WS_OUTAGE_CHARACTERS,
    loadLimits: { lagMs: values.WS_LOAD_LAG_MS, heapShare: values.WS_LOAD_HEAP_SHARE },
  } as const satisfies HubOptions;
}
