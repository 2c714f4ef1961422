import { isWebSocketError, WebSocketError, type ErrorCode } from '@ws/types';
import type { AppendedEvent, AppendResult, NewLogEvent } from '../log/event-log.ts';
import { RunOverlay, type RunTable } from '../run/run-table.ts';
import { KnownEvent, planBatch, planEvent, type PlanContext, type PlannedEvent } from './append-plan.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import type { IdentifiedEvent, PendingBatch } from './pending-batch.ts';

/** Batches that were judged together, to be written in one append. */
export interface GroupPlan {
  /** Those that are good. */
  readonly batches: readonly PendingBatch[];
  /** Their events, one batch after the other. */
  readonly events: readonly PlannedEvent[];
  /** Those of the events that the log does not hold yet. */
  readonly writes: readonly NewLogEvent[];
  readonly refused: readonly Refusal[];
}

interface Refusal {
  readonly batch: PendingBatch;
  readonly error: unknown;
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

const NONE: readonly never[] = [];

/** Judges each batch on top of the ones before it that are good. */
export function planGroup(group: readonly PendingBatch[], table: RunTable, context: PlanContext): GroupPlan {
  const runs = new RunOverlay(table);
  const [first] = group;
  if (first?.only !== undefined && group.length === 1) return planAlone(first, first.only, runs, context);
  const events: PlannedEvent[] = [];
  const refused: Refusal[] = [];
  const batches = group.filter((batch) => {
    try {
      if (batch.only !== undefined) events.push(planEvent(batch.only, runs, context));
      else for (const event of planBatch(batch.events, runs, context)) events.push(event);
      return true;
    } catch (error) {
      refused.push({ batch, error });
      return false;
    }
  });
  return { batches, events, writes: writesOf(events), refused };
}

/** The plan for one event: without lists that grow. */
function planAlone(batch: PendingBatch, event: IdentifiedEvent, runs: RunOverlay, context: PlanContext): GroupPlan {
  try {
    const events = [planEvent(event, runs, context)];
    return { batches: [batch], events, writes: writesOf(events), refused: NONE };
  } catch (error) {
    return { batches: NONE, events: NONE, writes: NONE, refused: [{ batch, error }] };
  }
}

/** Mostly all of them are to be written: no second list is made then. */
function writesOf(events: readonly PlannedEvent[]): readonly NewLogEvent[] {
  return events.every(isWrite) ? events : events.filter(isWrite);
}

function isWrite(event: PlannedEvent): event is NewLogEvent {
  return !(event instanceof KnownEvent);
}

/** Whether a batch was refused for a reason that may be gone when this process has heard of everything. */
export function mayBeStale({ refused }: GroupPlan): boolean {
  return refused.some(({ error }) => isWebSocketError(error) && MAY_BE_STALE.has(error.code));
}

/** What the emitters are answered: for each event of the plan where it is, in `epoch`. */
export function receiptsOf(
  { events }: GroupPlan,
  { events: appended }: Appended,
  epoch: string,
): readonly EmitReceipt[] {
  let index = 0;
  return events.map((event) => {
    const { eventId } = event;
    if (event instanceof KnownEvent) return { eventId, epoch, offset: event.offset, duplicate: true };
    const answer = appended[index];
    index += 1;
    if (answer === undefined) {
      throw new WebSocketError('INTERNAL', 'the log answered for fewer events than were written');
    }
    return { eventId, epoch, offset: answer.offset, duplicate: answer.duplicate };
  });
}

/** The events that are new in the log, and the log's answers about them. */
export interface Written {
  readonly events: readonly NewLogEvent[];
  readonly answers: readonly AppendedEvent[];
}

/** What of the plan the log did not hold before: mostly all that was written. */
export function writtenOf({ writes }: GroupPlan, { events: answers }: Appended): Written {
  if (!answers.some(isDuplicate)) return { events: writes, answers };
  return {
    events: writes.filter((_, index) => answers[index]?.duplicate === false),
    answers: answers.filter((answer) => !answer.duplicate),
  };
}

function isDuplicate({ duplicate }: AppendedEvent): boolean {
  return duplicate;
}
