import type { RunView } from '@ws/client';
import { useCallback } from 'react';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

/** Which runs {@link useRuns} answers: those that fit all that is given. */
export interface RunFilter {
  readonly threadId?: string | undefined;
  /** `'running'`, or how it ended. */
  readonly status?: RunView['status'] | undefined;
  /** Runs that this run started. */
  readonly parentRunId?: string | undefined;
}

/**
 * The runs that fit, oldest first; the same array until one of them changes. It changes with each frame of a run that streams: where a list
 * only needs to know which runs there are, `useThread` is quieter.
 *
 * @example
 * ```tsx
 * const working = useRuns({ status: 'running' });
 * ```
 */
export function useRuns({ threadId, status, parentRunId }: RunFilter = {}): readonly RunView[] {
  return useShown(
    useCallback(
      ({ runs }: Shown) =>
        [...runs.values()].filter(
          (run) =>
            (threadId === undefined || run.thread_id === threadId) &&
            (status === undefined || run.status === status) &&
            (parentRunId === undefined || run.parent_run_id === parentRunId),
        ),
      [threadId, status, parentRunId],
    ),
  );
}
