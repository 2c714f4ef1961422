export type { CaseContext } from './case-context.ts';
export type { ConformanceCase, Topic } from './conformance-case.ts';
export { describeEventLog } from './describe-event-log.ts';
export { eventLogCases } from './event-log-cases.ts';
export type { EventLogCapabilities, EventLogHarness, LogFault, LogLoss, LogRollback } from './harness.ts';
export { isRunnable, runCase } from './run-case.ts';
