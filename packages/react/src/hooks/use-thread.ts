import { useCallback } from 'react';
import { isSameThread, selectThread, type ThreadView } from '../store/select-thread.ts';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

/**
 * A thread: its messages and the places of its runs, what is open, what waits for the user. A message of this page is in it from the
 * moment it is sent. It does not change with the text of its runs.
 *
 * @param threadId The thread; `undefined` for a new one, which the answer to its first message names (`sendMessage` gives it); `null` for
 * the runs that belong to no thread, because their agent named none.
 *
 * @example
 * ```tsx
 * const { entries, isWorking } = useThread(threadId);
 * return entries.map((entry) =>
 *   entry.kind === 'run' ? <Run key={entry.runId} runId={entry.runId} /> : <Message key={entry.messageId} {...entry} />,
 * );
 * ```
 */
export function useThread(threadId: string | null | undefined): ThreadView {
  return useShown(
    useCallback((shown: Shown) => selectThread(shown, threadId), [threadId]),
    isSameThread,
  );
}
