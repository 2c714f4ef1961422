import type { RunView } from '@ws/client';
import { useCallback } from 'react';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

const whole = (run: RunView | undefined): RunView | undefined => run;

/**
 * A run as it is now: status, reasoning, answer, tools, approvals, error. `undefined` while nothing is known of it (no event has come,
 * or `runId` is not known yet). Renders once a frame at most, however many tokens come.
 *
 * @param select The part that is needed: the component renders again only when that part changes. Objects and arrays are compared by what
 * is directly in them.
 *
 * @example
 * ```tsx
 * const run = useRun(runId);
 * const status = useRun(runId, (run) => run?.status); // never renders for a token
 * ```
 */
export function useRun(runId: string | undefined): RunView | undefined;
export function useRun<Selected>(runId: string | undefined, select: (run: RunView | undefined) => Selected): Selected;
export function useRun(runId: string | undefined, select: (run: RunView | undefined) => unknown = whole): unknown {
  return useShown(
    useCallback(({ runs }: Shown) => select(runId === undefined ? undefined : runs.get(runId)), [runId, select]),
  );
}
