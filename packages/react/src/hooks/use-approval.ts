import type { RunView } from '@ws/client';
import type { PendingApproval, WebSocketError } from '@ws/types';
import { useCallback } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import { useRequest } from './use-request.ts';
import { useRun } from './use-run.ts';

/** What {@link useApproval} answers. */
export interface Approval {
  /**
   * What waits for the user; `undefined` when nothing does (any more: another tab may have answered, or its time is up). While it has
   * `args_omitted` its arguments are still being read: show that, and let nobody approve.
   */
  readonly approval: PendingApproval | undefined;
  readonly approve: (reason?: string) => Promise<void>;
  readonly refuse: (reason?: string) => Promise<void>;
  /** An answer was given here, and the run does not go on yet. */
  readonly isPending: boolean;
  /** `APPROVAL_NOT_PENDING`: another tab was first, or its time was up. `APPROVAL_ARGS_OMITTED`: its arguments can't be seen yet. */
  readonly error: WebSocketError | null;
}

/**
 * The approval that a run waits for, and its answer.
 *
 * @param toolCallId Which one, where a run may wait for several. @default the one that waits longest
 *
 * @example
 * ```tsx
 * const { approval, approve, refuse, isPending } = useApproval(runId);
 * if (approval === undefined) return null;
 * const isReading = approval.args_omitted === true;
 * return <button disabled={isPending || isReading} onClick={() => approve()}>Run {approval.tool_name}</button>;
 * ```
 */
export function useApproval(runId: string | undefined, toolCallId?: string): Approval {
  const handle = useHandle();
  const approval = useRun(
    runId,
    useCallback((run: RunView | undefined) => find(run?.pending_approvals ?? [], toolCallId), [toolCallId]),
  );
  const asked = approval?.tool_call_id;
  const { state, ask } = useRequest(toolCallId ?? asked);
  const answer = useCallback(
    async (approved: boolean, reason: string | undefined) => {
      if (runId === undefined || asked === undefined) return;
      const given = { runId, toolCallId: asked, approved, ...(reason === undefined ? {} : { reason }) };
      await ask(() => handle.client.answerApproval(given));
    },
    [handle, runId, asked, ask],
  );
  const approve = useCallback((reason?: string) => answer(true, reason), [answer]);
  const refuse = useCallback((reason?: string) => answer(false, reason), [answer]);
  const isPending = approval !== undefined && (state.isWaiting || state.isAccepted);
  return { approval, approve, refuse, isPending, error: state.error };
}

function find(approvals: readonly PendingApproval[], toolCallId: string | undefined): PendingApproval | undefined {
  return toolCallId === undefined ? approvals[0] : approvals.find((one) => one.tool_call_id === toolCallId);
}
