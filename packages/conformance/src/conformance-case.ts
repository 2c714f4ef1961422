import type { CaseContext } from './case-context.ts';
import type { EventLogHarness } from './harness.ts';

/** What a case is about. */
export type Topic =
  | 'append'
  | 'idempotency'
  | 'order'
  | 'reading'
  | 'head and epoch'
  | 'retention'
  | 'leases'
  | 'subscription'
  | 'several handles'
  | 'closing'
  | 'faults'
  | 'several hubs'
  | 'shared state'
  | 'outage'
  | 'recovery'
  | 'rollback'
  | 'model';

/** One promise of the port, tried out. Knows no test runner: a log that breaks the promise makes `run` reject. */
export interface ConformanceCase {
  readonly topic: Topic;
  readonly name: string;
  /** What the harness must be able to do. */
  readonly needs?: keyof EventLogHarness & ('reopen' | 'another');
  /** Only for logs that tell of other handles' appends. */
  readonly needsTellsOtherHandles?: true;
  /** Only for logs that find streams with events of long ago. */
  readonly needsFindsAged?: true;
  /** Only for logs that bring along what processes share besides streams. */
  readonly needsSharesState?: true;
  run(context: CaseContext): Promise<void>;
}
