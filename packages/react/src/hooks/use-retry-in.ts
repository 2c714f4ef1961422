import { useCallback, useState, useEffect } from 'react';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

const retryAtOf = ({ connection }: Shown): number | null => connection.retryAt;

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
  const retryAt = useShown(retryAtOf);
  const [now, setNow] = useState(() => Date.now());
  const look = useCallback(() => setNow(Date.now()), []);
  useEffect(() => {
    if (retryAt === null) return undefined;
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, [retryAt, look]);
  return retryAt === null ? null : Math.max(0, Math.ceil((retryAt - now) / 1_000));
}
