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
    tuning: {
      heartbeatMs: values.WS_HEARTBEAT_MS,
      helloTimeoutMs: values.WS_HELLO_TIMEOUT_MS,
      maxLagMs: values.WS_MAX_LAG_MS,
      coalesceMs: values.WS_COALESCE_MS,
      clockToleranceMs: values.WS_JWT_CLOCK_TOLERANCE_MS,
      runLeaseMs: values.WS_RUN_LEASE_MS,
      publisherLeaseMs: values.WS_PUBLISHER_LEASE_MS,
    },
    limits: {
      messageBytes: values.WS_MAX_MESSAGE_BYTES,
      jsonDepth: values.WS_MAX_JSON_DEPTH,
      approvalArgsBytes: values.WS_MAX_APPROVAL_ARGS_BYTES,
      connections: values.WS_MAX_CONNECTIONS,
      unauthenticated: values.WS_MAX_UNAUTHENTICATED,
      connectionsPerUser: values.WS_MAX_CONNECTIONS_PER_USER,
      inboundRates: {
        framesPerSecond: values.WS_MAX_FRAMES_PER_SECOND,
        bytesPerSecond: values.WS_MAX_BYTES_PER_SECOND,
      },
      userInboundRates: {
        framesPerSecond: values.WS_MAX_FRAMES_PER_SECOND_PER_USER,
        bytesPerSecond: values.WS_MAX_BYTES_PER_SECOND_PER_USER,
      },
      openRunsPerUser: values.WS_MAX_OPEN_RUNS_PER_USER,
      load: { lagMs: values.WS_LOAD_LAG_MS, heapShare: values.WS_LOAD_HEAP_SHARE },
    },
    outage: {
      emitDeadlineMs: values.WS_EMIT_DEADLINE_MS,
      bufferEvents: values.WS_OUTAGE_EVENTS,
      bufferChars: values.WS_OUTAGE_CHARACTERS,
    },
  } as const satisfies HubOptions;
}
