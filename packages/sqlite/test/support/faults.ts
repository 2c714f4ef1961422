import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { openSqliteLog } from '../../src/index.ts';
import type { SmallVolume } from './small-volume.ts';
import { tempFolder } from './temp-folder.ts';

const pathOf = (log: EventLog) => (log as ReturnType<typeof openSqliteLog>).path;

/** Another process holds the write lock for longer than the log waits. */
export function lockedFault(): LogFault {
  const blockers = new Map<EventLog, DatabaseSync>();
  return {
    name: 'the file is locked',
    code: 'LOG_UNAVAILABLE',
    open: () => openSqliteLog({ path: join(tempFolder(), 'events.db'), busyTimeoutMs: 20 }),
    inflict: (log) => {
      const blocker = new DatabaseSync(pathOf(log));
      blocker.exec('BEGIN IMMEDIATE');
      blockers.set(log, blocker);
    },
    heal: (log) => blockers.get(log)?.close(),
  };
}

/** The file is moved away while it is open. */
export const movedFault: LogFault = {
  name: 'the file is moved',
  code: 'LOG_UNAVAILABLE',
  inflict: (log) => renameSync(pathOf(log), `${pathOf(log)}.moved`),
  heal: (log) => renameSync(`${pathOf(log)}.moved`, pathOf(log)),
};

/** The volume has no byte left. */
export function fullDiskFault(volume: SmallVolume): LogFault {
  return {
    name: 'the disk is full',
    code: 'LOG_FULL',
    open: () => openSqliteLog({ path: join(tempFolder(volume.folder), 'events.db') }),
    inflict: () => volume.fill(),
    heal: () => volume.free(),
  };
}
