import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventInput, toRunId, type EventInput } from '@ws/types';
import { closingEvents, type ClosingStatus } from '../../src/run/closing-events.ts';
import { applyRunEvent } from '../../src/run/apply-run-event.ts';
import type { RunEvent } from '../../src/run/run-event.ts';
import { judgeRunOrder } from '../../src/run/run-order.ts';
import { RunTable } from '../../src/run/run-table.ts';
import { anyRunEvent } from '../support/run-model.ts';

function toRunEvent(event: EventInput): RunEvent {
  const parsed = parseEventInput(event);
  if (!parsed.ok) throw new Error(parsed.message);
  return { type: event.type, runId: toRunId(event.run_id ?? ''), timestamp: 50, payload: parsed.value.payload };
}

function add(runs: RunTable, event: EventInput): boolean {
  const runEvent = toRunEvent(event);
  if (judgeRunOrder(runs, runEvent) !== undefined) return false;
  applyRunEvent(runs, runEvent, 1);
  return true;
}

describe('the events that close a run from outside', () => {
  it('may come in their order after whatever happened, and end the run', () => {
    const status = fc.constantFrom<ClosingStatus[]>('failed', 'cancelled', 'interrupted');
    fc.assert(
      fc.property(fc.array(anyRunEvent, { maxLength: 30 }), status, fc.nat(100), (events, how, now) => {
        const runs = new RunTable();
        add(runs, { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
        for (const event of events) add(runs, event);
        for (const run of [...runs.openRuns()]) {
          for (const event of closingEvents(run, { status: how }, 'why', now)) expect(add(runs, event)).toBe(true);
          expect(runs.endedStatus(run.runId)).toBe(how);
        }
        expect(runs.openCount).toBe(0);
      }),
    );
  });
});
