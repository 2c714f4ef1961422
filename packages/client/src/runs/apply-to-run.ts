import { foldRunEvent, type ReceivedEvent } from '@ws/types';
import { applyToApprovals } from '../approvals.ts';
import type { RunView } from './run-view.ts';

/** A run after one more of its events; the same object if the event changes nothing that is shown. */
export function applyToRun(run: RunView, event: ReceivedEvent): RunView {
  const state = foldRunEvent(run, event);
  const pending_approvals = applyToApprovals(run.pending_approvals, event);
  if (state === run && pending_approvals === run.pending_approvals) return run;
  return { ...run, ...state, pending_approvals, ...particulars(event) };
}

/** What a screen shows of a run beside its state. */
function particulars(event: ReceivedEvent): Partial<Pick<RunView, 'task' | 'parent_run_id' | 'error' | 'usage'>> {
  switch (event.type) {
    case 'agent_started': {
      const { task, parent_run_id } = event.payload;
      return { ...(task === undefined ? {} : { task }), ...(parent_run_id === undefined ? {} : { parent_run_id }) };
    }
    case 'agent_completed': {
      const { error, usage } = event.payload;
      return { ...(error === undefined ? {} : { error }), ...(usage === undefined ? {} : { usage }) };
    }
    default:
      return {};
  }
}
