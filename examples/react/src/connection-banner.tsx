import { useConnection, useRetryIn } from '@ws/react';
import type { ReactNode } from 'react';

/** What the user has to know of the connection, and nothing while all is well. */
export function ConnectionBanner(): ReactNode {
  const { state, isDegraded, reconnect } = useConnection();
  return (
    <p className="connection" role="status" data-testid="connection" data-state={state.status}>
      {state.status === 'live' && (isDegraded ? 'Live, not stored yet' : 'Live')}
      {(state.status === 'catching_up' || state.status === 'lagging') && 'Catching up…'}
      {(state.status === 'idle' || state.status === 'connecting' || state.status === 'paused') && 'Connecting…'}
      {state.status === 'waiting' && (
        <>
          Not connected <RetryIn /> <button onClick={reconnect}>Try now</button>
        </>
      )}
      {state.status === 'closed' && (
        <>
          Closed ({state.reason}) <button onClick={reconnect}>Connect again</button>
        </>
      )}
    </p>
  );
}

/** A component of its own, so that only this renders each second. */
function RetryIn(): ReactNode {
  const seconds = useRetryIn();
  return seconds === null ? null : <span>(next try in {seconds} s)</span>;
}
