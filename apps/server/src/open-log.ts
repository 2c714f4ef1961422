import { MemoryEventLog, type EventLog } from '@ws/core';
import { openSqliteLog } from '@ws/sqlite';
import type { LogSetting } from './settings/index.ts';

/**
 * Opens the event log that WS_LOG_URL names. The client of a log on a server is loaded where that log is used: loading each takes
 * longer than everything else that a start does.
 *
 * @throws a `LOG_…` error that says what to do
 */
export async function openLog(setting: LogSetting): Promise<EventLog> {
  if (setting.kind === 'memory') return new MemoryEventLog();
  const newEpoch = setting.newEpoch ?? false;
  switch (setting.kind) {
    case 'sqlite':
      return openSqliteLog({ path: setting.path, newEpoch });
    case 'redis':
      return (await import('@ws/redis')).openRedisLog({ url: setting.url, newEpoch });
    case 'nats':
      return (await import('@ws/nats')).openNatsLog({ url: setting.url, newEpoch });
  }
}
