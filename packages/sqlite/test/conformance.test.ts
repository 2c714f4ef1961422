import { dirname, join } from 'node:path';
import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { mountSmallVolume } from '@ws/test-support';
import { afterAll } from 'vitest';
import { openSqliteLog, type SqliteLogOptions, type Synchronous } from '../src/index.ts';
import { fullDiskFault, lockedFault, movedFault } from './support/faults.ts';
import { rollbacks } from './support/rollbacks.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const volume = mountSmallVolume('16m');
afterAll(() => volume?.unmount());

const optionsOf = new Map<EventLog, SqliteLogOptions>();
const pathOf = (log: EventLog) => optionsOf.get(log)?.path ?? '';

function open(options: SqliteLogOptions): EventLog {
  const log = openSqliteLog(options);
  optionsOf.set(log, options);
  return log;
}

function harness(synchronous: Synchronous): EventLogHarness {
  const openNew = (options: SqliteLogOptions = {}, parent?: string) =>
    open({ path: join(tempFolder(parent), 'events.db'), synchronous, ...options });
  const openSame = (log: EventLog) => open(optionsOf.get(log) ?? {});
  return {
    open: () => openNew(),
    reopen: async (log) => {
      await log.close();
      return openSame(log);
    },
    another: openSame,
    faults: [
      lockedFault(pathOf, () => openNew({ busyTimeoutMs: 20 })),
      movedFault(pathOf),
      ...(volume === undefined
        ? []
        : [0, 300_000].map((leftBytes) => fullDiskFault(volume, () => openNew({}, volume.folder), leftBytes))),
    ],
    rollbacks: rollbacks(pathOf, (options) => open({ synchronous, ...options })),
    destroy: (log) => removeFolder(dirname(pathOf(log))),
  };
}

describeEventLog('sqlite', harness('full'), { tellsOtherHandles: true, sharesState: true, findsAged: true });
describeEventLog('sqlite, synchronous normal', { ...harness('normal'), faults: [] }, { findsAged: true });
