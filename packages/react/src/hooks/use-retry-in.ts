import { useEffect, useState } from 'react';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

interface Wait {
  /** On the monotonic clock. */
  readonly until: number | null;
  readonly ms: number;
}

const waitOf = ({ connection: { state }, connectionAt }: Shown): Wait =>
  state.status === 'waiting' ? { until: connectionAt + state.retryInMs, ms: state.retryInMs } : { until: null, ms: 0 };

/**
 * Whole seconds until the next try to connect; `null` where none is waited for. Renders its component once a second, so give the
 * countdown one of its own.
 *
 * @example
 * ```tsx
 * function Countdown() {
 *   const seconds = useRetryIn();
 *   return seconds === null ? null : <>Next try in {seconds} s</>;
 * }
 * ```
 */
export function useRetryIn(): number | null {
  const { until, ms } = useShown(waitOf);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (until === null) return undefined;
    const look = (): void => setNow(performance.now());
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  // The first render of a wait comes before the first look at the clock: `now` is of the wait before.
  return until === null ? null : Math.max(0, Math.ceil(Math.min(until - now, ms) / 1_000));
}
