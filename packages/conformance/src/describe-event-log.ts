import { describe, test } from 'vitest';
import { eventLogCases } from './event-log-cases.ts';
import type { EventLogCapabilities, EventLogHarness } from './harness.ts';
import { isRunnable, runCase } from './run-case.ts';

const CASE_TIMEOUT_MS = 60_000;

/**
 * Declares the whole suite for one implementation, as Vitest tests. What the harness can't do shows as skipped.
 *
 * @example
 * ```ts
 * describeEventLog('memory', { open: () => new MemoryEventLog(), reopen: () => new MemoryEventLog() }, { durable: false });
 * ```
 */
export function describeEventLog(
  name: string,
  harness: EventLogHarness,
  capabilities: EventLogCapabilities = {},
): void {
  const cases = eventLogCases(harness);
  const topics = new Set(cases.map(({ topic }) => topic));
  describe(`EventLog: ${name}`, () => {
    for (const topic of topics) {
      describe(topic, () => {
        for (const each of cases.filter((one) => one.topic === topic)) {
          const runnable = isRunnable(each, harness, capabilities);
          test.skipIf(!runnable)(each.name, { timeout: CASE_TIMEOUT_MS }, () => runCase(each, harness, capabilities));
        }
      });
    }
  });
}
