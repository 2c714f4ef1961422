import { MemoryEventLog, type EventLog } from '@ws/core';
import { openSqliteLog } from '@ws/sqlite';
import { ofVariable, type LogSetting } from './settings/index.ts';

/**
 * Opens the event log that WS_LOG_URL names. The client of a log on a server is loaded where that log is used: loading each takes
 * longer than everything else that a start does.
 *
 * @throws a `LOG_…` error that says what to do
 */
export async function openLog(setting: LogSetting): Promise<EventLog> {
  if (setting.kind === 'memory') return new MemoryEventLog();
  const { kind, newEpoch = false, ...rest } = setting;
  if (kind === 'sqlite') return openSqliteLog({ ...rest, newEpoch });
  const open = kind === 'redis' ? (await import('@ws/redis')).openRedisLog : (await import('@ws/nats')).openNatsLog;
  return ofVariable(() => open({ ...rest, newEpoch }));
}
