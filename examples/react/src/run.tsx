import { useApproval, useCancel, useRun } from '@ws/react';
import { memo, type ReactNode } from 'react';
import { RunStatus } from './run-status.tsx';

interface RunProps {
  readonly runId: string;
}

/** A run. Each part reads what it shows, so that a token renders one paragraph. */
export const Run = memo(function Run({ runId }: RunProps): ReactNode {
  const status = useRun(runId, (run) => run?.status);
  return (
    <article className="run" data-testid="run" data-status={status}>
      <div className="run-header">
        <RunStatus runId={runId} />
        <Stop runId={runId} />
      </div>
      <Thinking runId={runId} />
      <Tools runId={runId} />
      <Ask runId={runId} />
      <Answer runId={runId} />
    </article>
  );
});

function Thinking({ runId }: RunProps): ReactNode {
  const thinking = useRun(runId, (run) => run?.thinking);
  if (!thinking) return null;
  return (
    <details>
      <summary>Reasoning</summary>
      <p data-testid="thinking">{thinking}</p>
    </details>
  );
}

function Tools({ runId }: RunProps): ReactNode {
  const tools = useRun(runId, (run) => run?.tools) ?? [];
  return (
    <ul>
      {tools.map(({ tool_call_id, tool_name, status, error, duration_ms }) => (
        <li key={tool_call_id} data-testid="tool" data-status={status}>
          <code>{tool_name}</code> {status === 'executing' ? 'is working' : `${status} in ${duration_ms} ms`} {error}
        </li>
      ))}
    </ul>
  );
}

function Answer({ runId }: RunProps): ReactNode {
  const answer = useRun(runId, (run) => run?.response);
  const error = useRun(runId, (run) => run?.error);
  return (
    <>
      {answer && (
        <p className="answer" data-testid="answer">
          {answer}
        </p>
      )}
      {error !== undefined && <p role="alert">{error}</p>}
    </>
  );
}

function Stop({ runId }: RunProps): ReactNode {
  const { cancel, canCancel, isPending, error } = useCancel(runId);
  if (!canCancel && !isPending) return null;
  return (
    <button data-testid="stop" disabled={!canCancel} title={error?.message} onClick={() => void cancel()}>
      {isPending ? 'Stopping…' : 'Stop'}
    </button>
  );
}

function Ask({ runId }: RunProps): ReactNode {
  const { approval, approve, refuse, isPending, error } = useApproval(runId);
  if (approval === undefined) return null;
  return (
    <div className="ask" role="group" aria-label="Approval" data-testid="approval">
      <p>
        May it run <code>{approval.tool_name}</code> with <code>{JSON.stringify(approval.args)}</code>?
      </p>
      <button disabled={isPending} onClick={() => void approve()}>
        Allow
      </button>
      <button disabled={isPending} onClick={() => void refuse()}>
        Refuse
      </button>
      {error !== null && <small role="alert">{error.message}</small>}
    </div>
  );
}
