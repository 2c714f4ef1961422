import { useEffect, useState } from 'react';
import { problemText } from '../api/api-error.ts';
import { fetchHistory, type History } from '../api/fetch-history.ts';

export interface LoadedHistory {
  readonly history: History | null;
  readonly problem: string | null;
}

const EVERY_MS = 1_500;

/** Everything of a user's stream that is kept, and what comes after while `follow` is on. */
export function useHistory(key: string, userId: string, follow: boolean): LoadedHistory {
  const [loaded, setLoaded] = useState<LoadedHistory>({ history: null, problem: null });
  useEffect(() => {
    const left = new AbortController();
    let known: History | null = null;
    const load = async (): Promise<void> => {
      try {
        const history = await fetchHistory(key, userId, known, left.signal);
        known = history;
        // The same object where nothing is new, so that the page is not rendered for it; a problem is over all the same.
        setLoaded((before) =>
          before.history === history && before.problem === null ? before : { history, problem: null },
        );
      } catch (error) {
        if (left.signal.aborted) return;
        const problem = problemText(error);
        setLoaded(({ history }) => ({ history, problem }));
      }
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const loadAgain = async (): Promise<void> => {
      await load();
      if (follow && !left.signal.aborted) timer = setTimeout(() => void loadAgain(), EVERY_MS);
    };
    void loadAgain();
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [key, userId, follow]);
  return loaded;
}
