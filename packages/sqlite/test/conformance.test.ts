import { dirname, join } from 'node:path';
import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { afterAll } from 'vitest';
import { openSqliteLog, type Synchronous } from '../src/index.ts';
import { fullDiskFault, lockedFault, movedFault } from './support/faults.ts';
import { mountSmallVolume } from './support/small-volume.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const volume = mountSmallVolume();
afterAll(() => volume?.unmount());

const pathOf = (log: EventLog) => (log as ReturnType<typeof openSqliteLog>).path;

const harness = (synchronous: Synchronous): EventLogHarness => ({
  open: () => openSqliteLog({ path: join(tempFolder(), 'events.db'), synchronous }),
  reopen: async (log) => {
    await log.close();
    return openSqliteLog({ path: pathOf(log), synchronous });
  },
  another: (log) => openSqliteLog({ path: pathOf(log), synchronous }),
  faults: [lockedFault(), movedFault, ...(volume === undefined ? [] : [fullDiskFault(volume)])],
  destroy: (log) => removeFolder(dirname(pathOf(log))),
});

describeEventLog('sqlite', harness('full'), { tellsOtherHandles: true });
describeEventLog('sqlite, synchronous normal', harness('normal'), { tellsOtherHandles: true });
