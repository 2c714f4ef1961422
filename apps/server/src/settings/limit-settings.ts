import type { RequestLimits } from '@ws/server/process';
import type { SettingValues } from './table/settings-table.ts';

/** What the settings say of limits that hold before the hub. */
export function limitSettings(values: SettingValues): RequestLimits {
  return {
    connectionsPerAddress: values.WS_MAX_CONNECTIONS_PER_ADDRESS,
    publishRate: values.WS_MAX_PUBLISH_PER_SECOND,
    publishBytes: values.WS_MAX_PUBLISH_BYTES_PER_SECOND,
    historyBytesPerUser: values.WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER,
    historyBytesPerKey: values.WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY,
    historyPages: values.WS_MAX_HISTORY_PAGES_PER_USER,
    bodyBytes: values.WS_MAX_BODY_BYTES,
    requestTimeoutMs: values.WS_REQUEST_TIMEOUT_MS,
  };
}
