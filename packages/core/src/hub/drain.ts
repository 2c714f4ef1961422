import type { Clock, Timer } from '../clock.ts';
import type { Session } from '../connection/session.ts';

export interface DrainOptions {
  /** Time for everything, in milliseconds. @default 10_000 */
  readonly deadlineMs?: number;
  /** Within which time clients are asked to connect again, evenly spread, in milliseconds. @default 1_000 */
  readonly reconnectAfterMs?: number;
}

/** What draining needs of its hub. */
export interface DrainHost {
  readonly clock: Clock;
  sessions(): Iterable<Session>;
  /** Ends the runs emitted here: their agents go away with the process. */
  endRuns(): Promise<void>;
}

/** Connections closed in one turn: a thousand clients are not sent away in the same millisecond. */
const CLOSE_BATCH = 512;
const POLL_MS = 20;
/** Runs are given this long to end even past the deadline: a healthy log needs far less, and one that is away must not hold us up. */
const END_RUNS_MS = 1_000;

/**
 * The order in which a node goes away: (1) the hub refuses new connections, which its caller has seen to; (2) every client is
 * told; (3) the runs emitted here end as interrupted; (4) what is on its way is delivered; (5) connections are closed in batches.
 * Past the deadline the waits are skipped, not the steps.
 */
export async function drainSessions(host: DrainHost, options: DrainOptions, hurry: AbortSignal): Promise<void> {
  const { clock } = host;
  const deadline = clock.monotonic() + (options.deadlineMs ?? 10_000);
  const isLate = (): boolean => hurry.aborted || clock.monotonic() >= deadline;
  announce([...host.sessions()], options.reconnectAfterMs ?? 1_000);

  await atMost(clock, Math.max(deadline - clock.monotonic(), END_RUNS_MS), host.endRuns());
  while (!isLate() && isAnyBehind(host)) await wait(clock, POLL_MS);

  let closed = 0;
  for (const session of [...host.sessions()]) {
    session.close('RESTARTING');
    closed += 1;
    if (closed % CLOSE_BATCH === 0 && !isLate()) await wait(clock, POLL_MS);
  }
}

/** Told the same time, all clients would knock at the next node's door in the same millisecond. */
function announce(sessions: readonly Session[], withinMs: number): void {
  for (const [index, session] of sessions.entries()) {
    session.announceDrain(Math.ceil((withinMs * (index + 1)) / sessions.length));
  }
}

function isAnyBehind(host: DrainHost): boolean {
  for (const session of host.sessions()) if (session.behind) return true;
  return false;
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Waits for `work`, but not longer than `ms`. */
async function atMost(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let timer: Timer | undefined;
  const late = new Promise<void>((resolve) => {
    timer = clock.after(ms, resolve);
  });
  await Promise.race([work, late]);
  timer?.cancel();
}
