import { foldRunEvent, type ReceivedEvent } from '@ws/types';
import { applyToApprovals } from '../approvals.ts';
import { emptyRun, type RunView } from './run-view.ts';

/** A run after one more of its events; the same object if the event changes nothing that is shown. */
export function applyToRun(known: RunView, event: ReceivedEvent): RunView {
  // An id that is used again, long after its run ended, shows nothing of the one before.
  const run = event.type === 'agent_started' ? begunAgain(known) : known;
  const state = foldRunEvent(run, event);
  const pending_approvals = applyToApprovals(run.pending_approvals, event);
  if (state === run && pending_approvals === run.pending_approvals) return run;
  return { ...run, ...state, pending_approvals, ...particulars(event) };
}

function begunAgain({ run_id, thread_id, pending_approvals }: RunView): RunView {
  return { ...emptyRun(run_id, thread_id), pending_approvals };
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
