/** The names each entry of `@ws/conformance` exports. */
export const CONFORMANCE_PINS = {
  '.': [
    'type CaseContext',
    'type ConformanceCase',
    'type EventLogCapabilities',
    'type EventLogHarness',
    'type LogFault',
    'type LogLoss',
    'type LogRollback',
    'type Topic',
    'describeEventLog',
    'eventLogCases',
    'isRunnable',
    'runCase',
  ],
} as const;
