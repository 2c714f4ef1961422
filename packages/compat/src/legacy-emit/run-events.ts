import type { EventInput, JsonObject } from '@ws/types';
import { canonicalPayload, type KnownFacts } from './canonical-payload.ts';
import { CALL_ID, TOOL_NAME } from './input-names.ts';
import type { LegacyEvent } from './legacy-event.ts';
import type { OpenRunFacts, OpenToolCall } from './open-run-facts.ts';
import type { RunOfEvent } from './run-of-event.ts';

/** Types whose events belong to a run. */
export const RUN_EVENT_TYPES: ReadonlySet<string> = new Set([
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
  'agent_response_chunk',
  'tool_approval_requested',
  'tool_approval_resolved',
]);

const UNNAMED_AGENT = 'agent';
const UNNAMED_TOOL = 'tool';
const NO_RESULT = 'the agent ended without a result of this tool';

/**
 * The events of the protocol that one legacy event stands for, in an order that the core takes. The first system knew no order:
 * an agent that was never started is started first, a tool that was never called is called first, and tools that were left
 * without a result fail before their agent completes.
 */
export function runEvents(event: LegacyEvent, of: RunOfEvent, now: number): readonly EventInput[] {
  const run = of.kind === 'open' ? of.run : newRun(event, of.runId, of.threadId, now);
  const envelope = { run_id: run.runId, ...(run.threadId === undefined ? {} : { thread_id: run.threadId }) };
  const make = (type: string, fields: JsonObject, call: OpenToolCall): EventInput => {
    const facts: KnownFacts = {
      agentName: run.agentName,
      toolCallId: call.toolCallId,
      toolName: call.toolName,
      durationMs: Math.max(0, now - (type === 'tool_completed' ? call.startedAt : run.startedAt)),
    };
    // The core checks payload and type: a cast that lies here is refused there.
    return { type, payload: canonicalPayload(type, fields, facts), ...envelope } as unknown as EventInput;
  };

  const events: EventInput[] = [];
  const call = callOf(event, run, now);
  if (of.kind === 'new' && event.type !== 'agent_started') events.push(make('agent_started', {}, call));
  if (event.type === 'tool_completed' && !run.toolCalls.includes(call)) events.push(make('tool_executing', {}, call));
  if (event.type === 'agent_completed') {
    for (const left of run.toolCalls) events.push(make('tool_completed', { success: false, error: NO_RESULT }, left));
  }
  const threadId = event.threadId === undefined ? {} : { thread_id: event.threadId };
  const eventId = event.eventId === undefined ? {} : { event_id: event.eventId };
  events.push({ ...make(event.type, event.fields, call), ...threadId, ...eventId });
  return events;
}

function newRun({ fields }: LegacyEvent, runId: string, threadId: string | undefined, now: number): OpenRunFacts {
  const { agent_name: agentName } = fields;
  return {
    runId,
    ...(threadId === undefined ? {} : { threadId }),
    agentName: typeof agentName === 'string' && agentName !== '' ? agentName : UNNAMED_AGENT,
    startedAt: now,
    toolCalls: [],
  };
}

/** The tool call an event is about: by its id, else the newest open one of that tool, else a new one. */
function callOf({ type, fields }: LegacyEvent, run: OpenRunFacts, now: number): OpenToolCall {
  const id = textOf(fields, CALL_ID);
  const name = textOf(fields, TOOL_NAME);
  if (type === 'tool_completed') {
    const open = run.toolCalls.findLast((call) =>
      id === undefined ? name === undefined || call.toolName === name : call.toolCallId === id,
    );
    if (open !== undefined) return open;
  }
  return {
    toolCallId: id ?? `legacy-${globalThis.crypto.randomUUID()}`,
    toolName: name ?? UNNAMED_TOOL,
    startedAt: now,
  };
}

function textOf(fields: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}
