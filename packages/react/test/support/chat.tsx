import type { ReactNode } from 'react';
import { useApproval, useCancel, useConnection, useRun, useSendMessage, useThread } from '../../src/index.ts';
import { THREAD } from './agent-service.ts';

/** A small page of an agent product: everything that a test looks at has a test id. */
export function Chat(): ReactNode {
  const { state, reconnect } = useConnection();
  const { entries, isWorking } = useThread(THREAD);
  const { sendMessage, isPending, error } = useSendMessage({ threadId: THREAD });
  return (
    <main>
      <p data-testid="status">{state.status === 'closed' ? `closed: ${state.reason}` : state.status}</p>
      <p data-testid="working">{String(isWorking)}</p>
      <p data-testid="sending">{isPending ? 'sending' : (error?.code ?? 'idle')}</p>
      <button onClick={reconnect}>Reconnect</button>
      {['hello world', 'wait', 'ask', 'fail'].map((text) => (
        <button key={text} onClick={() => void sendMessage(text)}>
          {text}
        </button>
      ))}
      {entries.map((entry) =>
        entry.kind === 'run' ? (
          <Run key={entry.runId} runId={entry.runId} />
        ) : (
          <p key={entry.messageId} data-testid="message">
            {`${entry.text} (${entry.status})`}
          </p>
        ),
      )}
    </main>
  );
}

function Run({ runId }: { readonly runId: string }): ReactNode {
  const run = useRun(runId);
  const { cancel, canCancel, isPending } = useCancel(runId);
  const { approval, approve, refuse, error } = useApproval(runId);
  if (run === undefined) return null;
  return (
    <section>
      <p data-testid="run">{`${run.status}: ${run.response}${run.error ?? ''}`}</p>
      <p data-testid="thinking">{run.thinking}</p>
      <p data-testid="tools">{run.tools.map(({ tool_name, status }) => `${tool_name} ${status}`).join()}</p>
      <p data-testid="stop">{isPending ? 'stopping' : canCancel ? 'can stop' : 'over'}</p>
      <button onClick={() => void cancel()}>Stop</button>
      <p data-testid="approval">{approval === undefined ? 'none' : `may it ${approval.tool_name}?`}</p>
      <p data-testid="approval-error">{error?.code}</p>
      <button onClick={() => void approve()}>Yes</button>
      <button onClick={() => void refuse('no')}>No</button>
    </section>
  );
}
