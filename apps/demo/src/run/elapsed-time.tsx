import { formatDuration, useNow } from '@ws/ui';

export interface ElapsedTimeProps {
  /** In milliseconds since 1970; 0 if not known. */
  readonly startedAt: number;
  readonly durationMs: number | undefined;
  readonly isRunning: boolean;
  /** Where it neither runs nor has ended: when it was last heard of. */
  readonly lastAt?: number | undefined;
}

/** How long a run took, or takes so far. */
export function ElapsedTime({ startedAt, durationMs, isRunning, lastAt }: ElapsedTimeProps) {
  const ticking = isRunning && startedAt > 0;
  const now = useNow(ticking ? 100 : null);
  // The clock of the server may be ahead of ours.
  const ms = ticking ? Math.max(0, now - startedAt) : (durationMs ?? sinceStart(startedAt, lastAt));
  if (ms === undefined) return null;
  return <span className="elapsed-time">{ticking ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms)}</span>;
}

function sinceStart(startedAt: number, lastAt: number | undefined): number | undefined {
  return startedAt > 0 && lastAt !== undefined ? lastAt - startedAt : undefined;
}
