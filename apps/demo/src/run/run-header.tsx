import type { RunView } from '@ws/client';
import { useCancel } from '@ws/react';
import { Icon, StatusBadge } from '@ws/ui';
import { errorText } from '../session/error-text.ts';
import type { RunTrace } from '../state/run-traces.ts';
import { ElapsedTime } from './elapsed-time.tsx';
import type { RunActivity } from './run-activity.ts';
import './run-header.css';

const BADGES: { readonly [Activity in RunActivity]?: 'waiting' | 'unknown' } = {
  asking: 'waiting',
  unknown: 'unknown',
};

export interface RunHeaderProps {
  readonly run: RunView;
  readonly activity: RunActivity;
  readonly trace: RunTrace;
  readonly headingId: string;
}

export function RunHeader({ run, activity, trace, headingId }: RunHeaderProps) {
  return (
    <header className="run-header">
      <span className="run-header__mark" aria-hidden="true">
        <Icon name="pulse" size={15} />
      </span>
      <h3 id={headingId} className="run-header__name" title={run.task}>
        {run.agent_name === '' ? 'Agent' : run.agent_name}
      </h3>
      <StatusBadge status={BADGES[activity] ?? run.status} />
      <ElapsedTime
        startedAt={trace.startedAt}
        durationMs={trace.durationMs}
        isRunning={activity === 'working'}
        lastAt={trace.segments.at(-1)?.endedAt}
      />
      {activity !== 'ended' && <StopButton runId={run.run_id} />}
    </header>
  );
}

function StopButton({ runId }: { readonly runId: string }) {
  const { cancel, canCancel, isPending, error } = useCancel(runId);
  return (
    <>
      {error !== null && (
        <span className="run-header__error" role="alert">
          {errorText(error)}
        </span>
      )}
      <button
        type="button"
        className="run-header__stop"
        data-testid="cancel-run"
        disabled={!canCancel}
        aria-label={isPending ? 'Stopping' : 'Stop this run'}
        title="Stop this run (Esc)"
        onClick={() => void cancel()}
      >
        <Icon name="stop" size={13} />
        <span>{isPending ? 'Stopping' : 'Stop'}</span>
      </button>
    </>
  );
}
