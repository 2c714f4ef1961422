import { renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import type { SmallVolume } from '@ws/test-support';

type PathOf = (log: EventLog) => string;

/** Another process holds the write lock for longer than the log that `open` opens waits. */
export function lockedFault(pathOf: PathOf, open: () => EventLog): LogFault {
  const blockers = new Map<EventLog, DatabaseSync>();
  return {
    name: 'the file is locked',
    code: 'LOG_UNAVAILABLE',
    open,
    inflict: (log) => {
      const blocker = new DatabaseSync(pathOf(log));
      // The log may be writing at this moment.
      blocker.exec('PRAGMA busy_timeout = 1000');
      blocker.exec('BEGIN IMMEDIATE');
      blockers.set(log, blocker);
    },
    heal: (log) => blockers.get(log)?.close(),
  };
}

/** The file is moved away while it is open. */
export function movedFault(pathOf: PathOf): LogFault {
  return {
    name: 'the file is moved',
    code: 'LOG_UNAVAILABLE',
    inflict: (log) => renameSync(pathOf(log), `${pathOf(log)}.moved`),
    heal: (log) => renameSync(`${pathOf(log)}.moved`, pathOf(log)),
  };
}

/** The volume has so many bytes left, or none. `open` opens a log on it. */
export function fullDiskFault(volume: SmallVolume, open: () => EventLog, leftBytes = 0): LogFault {
  return {
    name: leftBytes === 0 ? 'the disk is full' : 'the disk has room for small events only',
    code: 'LOG_FULL',
    open,
    inflict: () => volume.fill(leftBytes),
    heal: () => volume.free(),
  };
}
