import { agedCases } from './cases/aged.ts';
import { appendCases } from './cases/append.ts';
import { closingCases } from './cases/closing.ts';
import { faultCases } from './cases/faults.ts';
import { headCases } from './cases/head.ts';
import { idempotencyCases } from './cases/idempotency.ts';
import { leaseCases } from './cases/leases.ts';
import { modelCases } from './cases/model.ts';
import { lossCases, outageCases } from './cases/outage.ts';
import { orderCases } from './cases/order.ts';
import { readingCases } from './cases/reading.ts';
import { recoveryCases } from './cases/recovery.ts';
import { retentionCases } from './cases/retention.ts';
import { severalHandlesCases } from './cases/several-handles.ts';
import { severalHubsCases } from './cases/several-hubs.ts';
import { rollbackCases } from './cases/rollback.ts';
import { sharedStateCases } from './cases/shared-state.ts';
import { subscriptionCases } from './cases/subscription.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { EventLogHarness } from './harness.ts';

/** Every case, with those for the faults, losses and rollbacks given: to run them under another test runner than Vitest. */
export function eventLogCases({
  faults = [],
  losses = [],
  rollbacks = [],
}: Pick<EventLogHarness, 'faults' | 'losses' | 'rollbacks'> = {}): readonly ConformanceCase[] {
  return [
    ...appendCases,
    ...idempotencyCases,
    ...orderCases,
    ...readingCases,
    ...headCases,
    ...retentionCases,
    ...agedCases,
    ...leaseCases,
    ...subscriptionCases,
    ...severalHandlesCases,
    ...closingCases,
    ...recoveryCases,
    ...faults.flatMap(faultCases),
    ...severalHubsCases,
    ...sharedStateCases,
    ...faults.flatMap(outageCases),
    ...losses.flatMap(lossCases),
    ...rollbacks.flatMap(rollbackCases),
    ...modelCases,
  ];
}
