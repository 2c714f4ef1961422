import type { WebSocketError } from '@ws/types';
import { useCallback, useState } from 'react';
import { toWebSocketError } from '../store/to-web-socket-error.ts';

/** What became of the requests of a component that are about one thing. */
interface RequestState {
  readonly isWaiting: boolean;
  /** The newest one was accepted. */
  readonly isAccepted: boolean;
  /** What the newest one failed with. */
  readonly error: WebSocketError | null;
}

interface Request {
  readonly state: RequestState;
  /** Makes a request. Answers `undefined` where it failed, and never rejects: the state has the error. */
  readonly ask: <Answer>(request: () => Promise<Answer>) => Promise<Answer | undefined>;
  /** Forgets what became of the last one. */
  readonly reset: () => void;
}

interface Asked {
  readonly about: string | undefined;
  readonly waiting: number;
  readonly isAccepted: boolean;
  readonly error: WebSocketError | null;
}

/**
 * Requests of a component, with their state. Those that are under way when it is unmounted go on.
 *
 * @param about What they are about, a run for example: the state of requests about something else is not told.
 */
export function useRequest(about: string | undefined): Request {
  const [asked, setAsked] = useState<Asked>(() => nothingAsked(about));
  const ask = useCallback(
    async <Answer>(request: () => Promise<Answer>) => {
      // An answer that comes when the component has turned to something else says nothing about that.
      const settle = (change: Partial<Asked>): void =>
        setAsked((now) => (now.about === about ? { ...now, waiting: now.waiting - 1, ...change } : now));
      setAsked((now) => ({ ...nothingAsked(about), waiting: now.about === about ? now.waiting + 1 : 1 }));
      try {
        const answer = await request();
        settle({ isAccepted: true });
        return answer;
      } catch (cause) {
        settle({ error: toWebSocketError(cause) });
        return undefined;
      }
    },
    [about],
  );
  const reset = useCallback(() => setAsked((now) => ({ ...now, isAccepted: false, error: null })), []);
  const { waiting, isAccepted, error } = asked.about === about ? asked : nothingAsked(about);
  return { state: { isWaiting: waiting > 0, isAccepted, error }, ask, reset };
}

function nothingAsked(about: string | undefined): Asked {
  return { about, waiting: 0, isAccepted: false, error: null };
}
