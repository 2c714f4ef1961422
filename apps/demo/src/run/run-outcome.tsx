import type { RunView } from '@ws/client';
import { asSentence, Icon } from '@ws/ui';
import './run-outcome.css';

/** What to say of a run that did not end well. */
export function RunOutcome({ run }: { readonly run: RunView }) {
  const text = outcomeText(run);
  if (text === null) return null;
  return (
    <p className="run-outcome" data-status={run.status}>
      <Icon name={run.status === 'cancelled' ? 'dash' : 'warn'} size={15} />
      {text}
    </p>
  );
}

function outcomeText({ status, error }: RunView): string | null {
  switch (status) {
    case 'failed':
      return error === undefined ? 'The run failed.' : asSentence(error);
    case 'cancelled':
      return 'Stopped by you. What was done until then stays.';
    case 'interrupted':
      return error === undefined
        ? 'The process that ran it went away, so the server ended the run. Ask again to start a new one.'
        : asSentence(error);
    case 'running':
    case 'completed':
      return null;
  }
}
