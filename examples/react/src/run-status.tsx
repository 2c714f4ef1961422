import { useConnection, useRun } from '@ws/react';
import type { ReactNode } from 'react';

const ENDS = { completed: 'Done', failed: 'Failed', cancelled: 'Stopped', interrupted: 'Interrupted' } as const;

/** A spinner that turns only while the run is known to go on: not after it, and not while nobody can tell. */
export function RunStatus({ runId }: { readonly runId: string }): ReactNode {
  const { isConnected } = useConnection();
  const run = useRun(runId, (now) => ({
    agent: now?.agent_name,
    status: now?.status,
    tool: now?.tools.findLast(({ status }) => status === 'executing')?.tool_name,
    isAsking: (now?.pending_approvals.length ?? 0) > 0,
  }));
  if (run.status === undefined) return null;
  const { text, spins } = describe(run, isConnected);
  return (
    <p className="run-status" data-testid="run-status">
      {spins && <span className="spinner" />}
      <strong>{run.agent}</strong> {text}
    </p>
  );
}

interface Shown {
  readonly status: keyof typeof ENDS | 'running' | undefined;
  readonly tool: string | undefined;
  readonly isAsking: boolean;
}

function describe({ status, tool, isAsking }: Shown, isConnected: boolean): { text: string; spins: boolean } {
  if (status !== 'running') return { text: status === undefined ? '' : ENDS[status], spins: false };
  // It may have ended by now.
  if (!isConnected) return { text: 'was working when the connection was lost', spins: false };
  if (isAsking) return { text: 'waits for you', spins: false };
  return { text: tool === undefined ? 'is thinking' : `uses ${tool}`, spins: true };
}
