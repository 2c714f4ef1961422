import { useMemo } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import type { ConnectionView } from '../store/connection-view.ts';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

/** What {@link useConnection} answers. */
export interface Connection extends ConnectionView {
  /** Tries at once where the next try is only waited for; starts again after a close; does nothing while connected. */
  readonly reconnect: () => void;
}

const connectionOf = ({ connection }: Shown): ConnectionView => connection;

/**
 * The connection: its state, what is wrong with it, and a way to try again. `useRetryIn` counts down.
 *
 * @example
 * ```tsx
 * const { state, isLagging, isDegraded, reconnect } = useConnection();
 * if (state.status === 'closed' && state.reason === 'UNAUTHORIZED') return <SignInAgain />;
 * if (state.status === 'waiting') return <button onClick={reconnect}>Try now</button>;
 * ```
 */
export function useConnection(): Connection {
  const { reconnect } = useHandle();
  const connection = useShown(connectionOf);
  return useMemo(() => ({ ...connection, reconnect }), [connection, reconnect]);
}
