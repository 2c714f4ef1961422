import { useEffect, useState } from 'react';
import { ApiError, problemText } from '../api/api-error.ts';
import { fetchState } from '../api/fetch-state.ts';
import type { ServerState } from '../api/server-state.ts';

export interface PolledState {
  /** The last answer; what it says stays on the screen while the server does not answer. */
  readonly state: ServerState | null;
  readonly problem: string | null;
}

const EVERY_MS = 2_000;

/** Looks at the server every two seconds while the page is shown. `onRefused` is told when the key is no longer good. */
export function useServerState(key: string, onRefused: (why: string) => void): PolledState {
  const [polled, setPolled] = useState<PolledState>({ state: null, problem: null });
  useEffect(() => {
    const left = new AbortController();
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const state = await fetchState(key, null, left.signal);
        setPolled({ state, problem: null });
      } catch (error) {
        if (left.signal.aborted) return;
        if (error instanceof ApiError && error.isRefusal) onRefused(error.message);
        const problem = problemText(error);
        setPolled(({ state }) => ({ state, problem }));
      }
    };
    const lookNow = (): void => void look();
    lookNow();
    const timer = setInterval(lookNow, EVERY_MS);
    document.addEventListener('visibilitychange', lookNow);
    return () => {
      left.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', lookNow);
    };
  }, [key, onRefused]);
  return polled;
}
