import { toRunId, toThreadId, type JsonObject } from '@ws/types';
import type { RunEvent } from '../../src/run/run-event.ts';

/** An event of run `r1` in thread `t1` as the run rules see it. */
export function runEvent(type: string, payload: JsonObject = {}, more: Partial<RunEvent> = {}): RunEvent {
  return { type, runId: toRunId('r1'), threadId: toThreadId('t1'), timestamp: 1_000, payload, ...more };
}

export const started = runEvent('agent_started', { agent_name: 'a' });

export const toolStart = (id: string): RunEvent =>
  runEvent('tool_executing', { tool_call_id: id, tool_name: 'read', args: {} });

export const toolEnd = (id: string): RunEvent =>
  runEvent('tool_completed', { tool_call_id: id, tool_name: 'read', success: true, duration_ms: 1 });

export const asked = (id: string): RunEvent =>
  runEvent('tool_approval_requested', { tool_call_id: id, tool_name: 'read', args: {}, expires_at: 9 });

export const decided = (id: string, approved = true): RunEvent =>
  runEvent('tool_approval_resolved', { tool_call_id: id, approved });

export const ended = (status = 'completed'): RunEvent => runEvent('agent_completed', { status, duration_ms: 1 });
