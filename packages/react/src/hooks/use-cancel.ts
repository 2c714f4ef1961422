import { isWebSocketError, type WebSocketError } from '@ws/types';
import { useCallback } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import { useRequest } from './use-request.ts';
import { useRun } from './use-run.ts';

/** What {@link useCancel} answers. */
export interface Cancel {
  /** Asks the run to stop. Never rejects: see `error`. */
  readonly cancel: () => Promise<void>;
  /** The run is running and was not asked to stop here. */
  readonly canCancel: boolean;
  /** The run was asked to stop and has not ended yet: to say "stopped" is too early. */
  readonly isPending: boolean;
  readonly error: WebSocketError | null;
}

/**
 * Stops a run. It has stopped when it has ended, not when the server has heard of it: `isPending` lasts until then. A run that ended by
 * itself meanwhile is no error.
 *
 * @example
 * ```tsx
 * const { cancel, canCancel, isPending } = useCancel(runId);
 * <button disabled={!canCancel} onClick={cancel}>{isPending ? 'Stopping…' : 'Stop'}</button>
 * ```
 */
export function useCancel(runId: string | undefined): Cancel {
  const handle = useHandle();
  const isRunning = useRun(runId, (run) => run?.status === 'running');
  const { state, ask } = useRequest(runId);
  const cancel = useCallback(async () => {
    if (runId !== undefined) await ask(() => cancelled(handle.client.cancelRun(runId)));
  }, [handle, runId, ask]);
  const isPending = state.isWaiting || (isRunning && state.isAccepted);
  return { cancel, canCancel: isRunning && !isPending, isPending, error: state.error };
}

async function cancelled(request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isWebSocketError(error) || error.code !== 'RUN_ALREADY_COMPLETED') throw error;
  }
}
