import { MemoryEventLog } from '@ws/core';
import { describeEventLog } from '../src/index.ts';

describeEventLog(
  'memory',
  {
    open: () => new MemoryEventLog(),
    reopen: (log) => {
      void log.close();
      return new MemoryEventLog();
    },
  },
  { durable: false, findsAged: true },
);
