import { isWebSocketError, WebSocketError, type ErrorCode, type Offset } from '@ws/types';
import type { AppendResult, NewLogEvent } from '../log/event-log.ts';
import { RunOverlay, type RunTable } from '../run/run-table.ts';
import { KnownEvent, planBatch, planEvent, type PlanContext, type PlannedEvent } from './append-plan.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import type { PendingBatch } from './pending-batch.ts';

/** Batches that were judged together, to be written in one append. */
export interface GroupPlan {
  /** Those that are good. */
  readonly batches: readonly PendingBatch[];
  /** Their events, one batch after the other. */
  readonly events: readonly PlannedEvent[];
  /** Those of the events that the log does not hold yet. */
  readonly writes: readonly NewLogEvent[];
  readonly refused: readonly { readonly batch: PendingBatch; readonly error: unknown }[];
}

/** What became of the events of a plan. */
export interface GroupOutcome {
  /** For each event of the plan. */
  readonly receipts: readonly EmitReceipt[];
  /** The events that are new in the log, and where. */
  readonly written: readonly NewLogEvent[];
  readonly offsets: readonly Offset[];
}

export type Appended = Extract<AppendResult, { kind: 'appended' }>;

/** Refusals that may only mean that this process has not heard yet of what another one appended. */
const MAY_BE_STALE: ReadonlySet<string> = new Set<ErrorCode>([
  'RUN_NOT_OPEN',
  'RUN_LIMIT',
  'TOOL_CALL_NOT_EXECUTING',
  'TOOL_CALLS_OPEN',
  'APPROVAL_ALREADY_PENDING',
  'APPROVAL_NOT_PENDING',
]);

/** Judges each batch on top of the ones before it that are good. */
export function planGroup(group: readonly PendingBatch[], table: RunTable, context: PlanContext): GroupPlan {
  const runs = new RunOverlay(table);
  const batches: PendingBatch[] = [];
  const events: PlannedEvent[] = [];
  const writes: NewLogEvent[] = [];
  const refused: { batch: PendingBatch; error: unknown }[] = [];
  const take = (event: PlannedEvent): void => {
    events.push(event);
    if (!(event instanceof KnownEvent)) writes.push(event);
  };
  for (const batch of group) {
    const [only] = batch.events;
    try {
      if (only !== undefined && batch.events.length === 1) take(planEvent(only, runs, context));
      else planBatch(batch.events, runs, context).forEach(take);
      batches.push(batch);
    } catch (error) {
      refused.push({ batch, error });
    }
  }
  return { batches, events, writes, refused };
}

/** Whether a batch was refused for a reason that may be gone when this process has heard of everything. */
export function mayBeStale({ refused }: GroupPlan): boolean {
  return refused.some(({ error }) => isWebSocketError(error) && MAY_BE_STALE.has(error.code));
}

/** Puts the answers of the log beside the events of the plan. */
export function outcomeOf({ events }: GroupPlan, { epoch, events: appended }: Appended): GroupOutcome {
  const receipts: EmitReceipt[] = [];
  const written: NewLogEvent[] = [];
  const offsets: Offset[] = [];
  let index = 0;
  for (const event of events) {
    const { eventId } = event;
    if (event instanceof KnownEvent) {
      receipts.push({ eventId, epoch, offset: event.offset, duplicate: true });
      continue;
    }
    const answer = appended[index];
    index += 1;
    if (answer === undefined) {
      throw new WebSocketError('INTERNAL', 'the log answered for fewer events than were written');
    }
    const { offset, duplicate } = answer;
    if (!duplicate) {
      written.push(event);
      offsets.push(offset);
    }
    receipts.push({ eventId, epoch, offset, duplicate });
  }
  return { receipts, written, offsets };
}
