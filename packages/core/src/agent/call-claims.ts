import { WebSocketError } from '@ws/types';
import type { AgentCall } from './agent-call.ts';
import type { CallParts } from './call-parts.ts';
import { toAgentCall, type WaitingCall } from './call-table.ts';

/** How many calls an agent wants, and for how long. */
export interface ClaimOptions {
  /** Most calls. */
  readonly limit: number;
  /** For how long they are the agent's before another may have them, in milliseconds. */
  readonly holdMs: number;
  /** How long to wait for the first, in milliseconds. @default 0 */
  readonly waitMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** Calls that an agent holds. */
export interface Claim {
  /** Names the claim in `extend` and `acknowledge`. */
  readonly claimId: string;
  /** Until when the agent holds them, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly calls: readonly AgentCall[];
}

/** Which of some calls are still held by a claim. */
export interface ClaimedCalls {
  readonly held: readonly string[];
  /** Over, or somebody else's by now: stop working on them. */
  readonly lost: readonly string[];
}

/** So often may agents leave a call that they claimed: it may be what makes them fail. */
const MAX_CLAIMS = 5;

/** The calls of an agent that fetches them. What it claimed and left is handed out again when its time is over. */
export class CallClaims {
  readonly #parts: CallParts;
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  /** @internal */
  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** Whether agents left this call too often. */
  isWornOut({ attempts }: WaitingCall): boolean {
    return attempts >= MAX_CLAIMS;
  }

  /**
   * Hands out calls, the oldest first, and holds them for the agent. Those it does not acknowledge are handed out again.
   *
   * @throws `NO_AGENT` where calls are delivered, the log's errors
   */
  async claim({ limit, holdMs, waitMs = 0, signal }: ClaimOptions): Promise<Claim> {
    const { clock, ids, agent } = this.#parts;
    if (agent.deliver !== undefined) {
      throw new WebSocketError('NO_AGENT', 'this server calls its agent: it hands out no calls');
    }
    const deadline = clock.monotonic() + waitMs;
    const claimId = ids.next();
    for (;;) {
      const taken = this.#isStopped || signal?.aborted === true ? NOTHING : await this.#take(claimId, limit, holdMs);
      const leftMs = deadline - clock.monotonic();
      const isEnd = taken.calls.length > 0 || leftMs <= 0 || this.#isStopped || signal?.aborted === true;
      if (isEnd) return { claimId, expiresAt: taken.expiresAt, calls: taken.calls };
      await this.#change(leftMs, signal);
    }
  }

  /**
   * Keeps calls, and the runs that answer them, for another while.
   *
   * @throws the log's errors
   */
  async extend(
    claimId: string,
    callIds: readonly string[],
    holdMs: number,
  ): Promise<ClaimedCalls & { readonly expiresAt: number }> {
    const { calls, clock, table, runs } = this.#parts;
    const expiresAt = clock.now() + holdMs;
    await calls.append([{ op: 'keep', ids: callIds, holder: claimId, until: expiresAt, isWork: true }]);
    const result = this.#sorted(claimId, callIds);
    for (const id of result.held) {
      const call = table.get(id);
      if (call?.type === 'user_message') await runs.renew(call.stream, call.runId, holdMs);
    }
    return { ...result, expiresAt };
  }

  /**
   * The agent has done what the calls asked, or will without them: they are not handed out again.
   *
   * @throws the log's errors
   */
  async acknowledge(claimId: string, callIds: readonly string[]): Promise<ClaimedCalls> {
    const { calls, table, runs, counters } = this.#parts;
    // Another process may have handed them out a moment ago.
    if (this.#sorted(claimId, callIds).lost.length > 0) await calls.readOn();
    const result = this.#sorted(claimId, callIds);
    const held = result.held.flatMap((id) => table.get(id) ?? []);
    for (const { stream, runId, type } of held) {
      if (type === 'user_message' && (await runs.progress(stream, runId, true)) === 'new')
        await runs.renew(stream, runId);
    }
    await calls.append([{ op: 'done', ids: result.held, holder: claimId }]);
    counters.callsTaken += result.held.length;
    return result;
  }

  /** Something may be ready. */
  look(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.look();
  }

  async #take(claimId: string, limit: number, holdMs: number): Promise<Pick<Claim, 'calls' | 'expiresAt'>> {
    const { calls, clock, table, runs } = this.#parts;
    if (!calls.isLoaded) await calls.readOn();
    const ready = await this.#ready(limit);
    if (ready.length === 0) return NOTHING;
    const at = clock.now();
    const expiresAt = at + holdMs;
    await calls.append([
      { op: 'hold', ids: ready.map(({ id }) => id), holder: claimId, at, until: expiresAt, isWork: true },
    ]);
    const taken: AgentCall[] = [];
    for (const { id } of ready) {
      const call = table.get(id);
      if (call?.holder !== claimId) continue;
      const payload = await calls.payload(call);
      if (payload === undefined) continue;
      if (call.type === 'user_message') await runs.renew(call.stream, call.runId, holdMs);
      taken.push(toAgentCall(call, payload));
    }
    return { calls: taken, expiresAt };
  }

  /** Calls that nobody holds, whose events are in their streams, and whose runs have not ended. */
  async #ready(limit: number): Promise<readonly WaitingCall[]> {
    const { table, clock, runs, queue, calls } = this.#parts;
    const now = clock.now();
    const ready: WaitingCall[] = [];
    for (const call of [...table.waiting()]) {
      if (ready.length >= limit) break;
      if (call.until > now || table.isBlocked(call) || this.isWornOut(call) || queue.isOver(call)) continue;
      if (!(await queue.isConfirmed(call))) continue;
      const isOver =
        call.type !== 'cancel_run' && (await runs.progress(call.stream, call.runId, call.attempts > 0)) === 'ended';
      if (isOver) await calls.append([{ op: 'done', ids: [call.id] }]);
      else ready.push(call);
    }
    return ready;
  }

  #sorted(claimId: string, callIds: readonly string[]): ClaimedCalls {
    const { table } = this.#parts;
    const isHeld = (id: string): boolean => table.get(id)?.holder === claimId;
    return { held: callIds.filter(isHeld), lost: callIds.filter((id) => !isHeld(id)) };
  }

  #change(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = this.#parts.clock.after(ms, wake);
      signal?.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}

const NOTHING = { calls: [], expiresAt: 0 };
