import type { ReceivedEvent } from '@ws/types';
import type { PageInput } from './page-input.ts';

/** Consecutive events of one type in a run: one dot of the strip under its card. */
export interface TraceSegment {
  readonly type: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly count: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly replay: boolean;
}

/** What the user said to a tool call that asked. */
export interface Decision {
  readonly approved: boolean;
  /** Not known where the request is no longer kept. */
  readonly toolName?: string;
  readonly reason?: string;
}

/** When and where things happened in a run: what the fold of its state does not keep. */
export interface RunTrace {
  readonly startedAt: number;
  readonly durationMs?: number;
  readonly segments: readonly TraceSegment[];
  /** When each tool call began, by its id. */
  readonly toolsStartedAt: { readonly [toolCallId: string]: number };
  /** What the user said to tool calls that asked, by their id. */
  readonly decisions: { readonly [toolCallId: string]: Decision };
  /** Names of the tools that asked, by the id of the call. */
  readonly asked: { readonly [toolCallId: string]: string };
}

export const NO_TRACE: RunTrace = { startedAt: 0, segments: [], toolsStartedAt: {}, decisions: {}, asked: {} };

/** The traces of all runs, by run id. */
export type RunTraces = ReadonlyMap<string, RunTrace>;

/** The traces after some inputs, which are taken in together: the map is copied once, however many events there are. */
export function reduceTraces(traces: RunTraces, inputs: readonly PageInput[]): RunTraces {
  let next: Map<string, RunTrace> | undefined;
  for (const input of inputs) {
    if (input.kind !== 'item' || input.item.kind === 'run_snapshot') continue;
    const { item } = input;
    if (item.kind === 'reset') {
      next = new Map();
      continue;
    }
    const { event } = item;
    // A numbered copy of what was shown before is not another event.
    const isCopy = item.kind === 'event' && item.replaces !== undefined;
    if (event.run_id === undefined || event.type === 'user_message' || isCopy) continue;
    next ??= new Map(traces);
    const trace = next.get(event.run_id) ?? NO_TRACE;
    next.set(event.run_id, traceEvent(trace, event, item.kind === 'event' && item.replay));
  }
  return next ?? traces;
}

function traceEvent(trace: RunTrace, event: ReceivedEvent, replay: boolean): RunTrace {
  const next: RunTrace = {
    ...trace,
    startedAt: trace.startedAt === 0 ? event.timestamp : trace.startedAt,
    segments: withSegment(trace.segments, event, replay),
  };
  switch (event.type) {
    case 'tool_executing':
      return { ...next, toolsStartedAt: { ...trace.toolsStartedAt, [event.payload.tool_call_id]: event.timestamp } };
    case 'tool_approval_resolved':
      return {
        ...next,
        decisions: { ...trace.decisions, [event.payload.tool_call_id]: decided(trace, event.payload) },
      };
    case 'tool_approval_requested':
      return { ...next, asked: { ...trace.asked, [event.payload.tool_call_id]: event.payload.tool_name } };
    case 'agent_completed':
      return { ...next, durationMs: durationOf(trace, event.payload) };
    default:
      return next;
  }
}

/** A run that was interrupted worked until it was last heard of: the time until the server noticed is not part of it. */
function durationOf(
  { startedAt, segments }: RunTrace,
  { status, duration_ms }: Extract<ReceivedEvent, { type: 'agent_completed' }>['payload'],
): number {
  const last = segments.at(-1);
  return status === 'interrupted' && last !== undefined ? last.endedAt - startedAt : duration_ms;
}

function decided(
  { asked }: RunTrace,
  { tool_call_id, approved, reason }: Extract<ReceivedEvent, { type: 'tool_approval_resolved' }>['payload'],
): Decision {
  const toolName = asked[tool_call_id];
  return { approved, ...(toolName === undefined ? {} : { toolName }), ...(reason === undefined ? {} : { reason }) };
}

function withSegment(
  segments: readonly TraceSegment[],
  event: ReceivedEvent,
  replay: boolean,
): readonly TraceSegment[] {
  const offset = event.offset ?? null;
  const count = event.offset === undefined ? 1 : (event.merged ?? 1);
  const last = segments.at(-1);
  if (last?.type !== event.type || last.replay !== replay) {
    const from = offset === null ? null : offset - count + 1;
    const time = { startedAt: event.timestamp, endedAt: event.timestamp };
    return [...segments, { type: event.type, from, to: offset, count, ...time, replay }];
  }
  return segments.with(-1, {
    ...last,
    to: offset ?? last.to,
    count: last.count + count,
    endedAt: event.timestamp,
  });
}
