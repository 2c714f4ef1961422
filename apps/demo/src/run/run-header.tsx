import { useState } from 'react';
import type { RunView } from '@ws/client';
import { Icon, StatusBadge } from '@ws/ui';
import { useSession } from '../app/session-context.ts';
import type { RunTrace } from '../state/run-trace.ts';
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
  const session = useSession();
  const [phase, setPhase] = useState<'idle' | 'asked'>('idle');
  const [error, setError] = useState<string | null>(null);
  const stop = async (): Promise<void> => {
    setPhase('asked');
    const problem = await session.cancel(runId);
    setError(problem);
    if (problem !== null) setPhase('idle');
  };
  return (
    <>
      {error !== null && (
        <span className="run-header__error" role="alert">
          {error}
        </span>
      )}
      <button
        type="button"
        className="run-header__stop"
        data-testid="cancel-run"
        disabled={phase === 'asked'}
        aria-label={phase === 'asked' ? 'Stopping' : 'Stop this run'}
        title="Stop this run (Esc)"
        onClick={() => void stop()}
      >
        <Icon name="stop" size={13} />
        <span>{phase === 'asked' ? 'Stopping' : 'Stop'}</span>
      </button>
    </>
  );
}
