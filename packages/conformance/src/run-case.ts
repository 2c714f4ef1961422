import { trackedContext } from './case-context.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { EventLogCapabilities, EventLogHarness } from './harness.ts';

/** Whether the harness can do what a case needs, and the log has what it tries out. */
export function isRunnable(
  { needs, needsTellsOtherHandles, needsFindsAged, needsSharesState }: ConformanceCase,
  harness: EventLogHarness,
  capabilities: EventLogCapabilities = {},
): boolean {
  if (needs !== undefined && harness[needs] === undefined) return false;
  if (needsFindsAged === true && capabilities.findsAged !== true) return false;
  if (needsSharesState === true && capabilities.sharesState !== true) return false;
  return needsTellsOtherHandles !== true || capabilities.tellsOtherHandles === true;
}

/** Runs one case, and cleans up after it. Rejects if the log breaks the promise. */
export async function runCase(
  conformanceCase: ConformanceCase,
  harness: EventLogHarness,
  capabilities?: EventLogCapabilities,
): Promise<void> {
  const context = trackedContext(harness, capabilities);
  try {
    await conformanceCase.run(context);
  } finally {
    await context.cleanUp();
  }
}
