import { MemoryEventLog, type EventLog } from '@ws/core';
import { openNatsLog } from '@ws/nats';
import { openRedisLog } from '@ws/redis';
import { openSqliteLog } from '@ws/sqlite';
import type { LogSetting } from './settings/index.ts';

/** Opens the event log that WS_LOG_URL names. Throws a `LOG_…` error that says what to do. */
export function openLog(setting: LogSetting): EventLog {
  switch (setting.kind) {
    case 'memory':
      return new MemoryEventLog();
    case 'sqlite':
      return openSqliteLog({ path: setting.path });
    case 'redis':
      return openRedisLog({ url: setting.url });
    case 'nats':
      return openNatsLog({ url: setting.url });
  }
}
