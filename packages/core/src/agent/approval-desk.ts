import { WebSocketError, type EventInput, type JsonValue } from '@ws/types';
import { durationOption, type Clock, type Timer } from '../clock.ts';

/** What the user said, or that no answer came. */
export interface ApprovalDecision {
  readonly approved: boolean;
  readonly reason?: string;
}

export interface ApprovalRequest {
  readonly toolName: string;
  readonly args: JsonValue;
  readonly toolCallId?: string;
  /** How long the user has, in milliseconds. @default 300_000 */
  readonly timeoutMs?: number;
}

type ApprovalEvent = EventInput<'tool_approval_requested' | 'tool_approval_resolved'>;

interface Pending {
  readonly settle: (decision: ApprovalDecision) => void;
  readonly timer: Timer;
  /** As in `tool_approval_requested`, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What everybody is told of an approval that lapsed. */
export const NO_ANSWER = 'no answer came in time';

const DEFAULT_TIMEOUT_MS = 300_000;

/** The approvals one run waits for: each is a promise that always settles, at the latest by its deadline or the run's end. */
export class ApprovalDesk {
  readonly #clock: Clock;
  readonly #emit: (event: ApprovalEvent) => Promise<unknown>;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock, emit: (event: ApprovalEvent) => Promise<unknown>) {
    this.#clock = clock;
    this.#emit = emit;
  }

  async request(toolCallId: string, request: ApprovalRequest): Promise<ApprovalDecision> {
    if (this.#pending.has(toolCallId)) {
      throw new WebSocketError('APPROVAL_ALREADY_PENDING', `tool call ${toolCallId} waits for approval already`);
    }
    const timeoutMs = durationOption('requestApproval: timeoutMs', request.timeoutMs, DEFAULT_TIMEOUT_MS);
    const expiresAt = this.#clock.now() + timeoutMs;
    const decision = new Promise<ApprovalDecision>((settle) => {
      const timer = this.#clock.after(timeoutMs, () => this.#lapse(toolCallId));
      this.#pending.set(toolCallId, { settle, timer, expiresAt });
    });
    try {
      await this.#emit({
        type: 'tool_approval_requested',
        payload: {
          tool_call_id: toolCallId,
          tool_name: request.toolName,
          args: request.args,
          expires_at: expiresAt,
        },
      });
    } catch (error) {
      this.decided(toolCallId, { approved: false });
      throw error;
    }
    return decision;
  }

  decided(toolCallId: string, decision: ApprovalDecision): void {
    const pending = this.#pending.get(toolCallId);
    if (pending === undefined) return;
    this.#pending.delete(toolCallId);
    pending.timer.cancel();
    pending.settle(decision);
  }

  /**
   * The wall clock was set, or the machine suspended. An answer after the published deadline is refused, so the wait ends there.
   */
  clockStepped(): void {
    const now = this.#clock.now();
    for (const [toolCallId, { expiresAt, timer }] of this.#pending) {
      if (expiresAt > now) continue;
      timer.cancel();
      this.#lapse(toolCallId);
    }
  }

  close(): void {
    for (const toolCallId of [...this.#pending.keys()]) {
      this.decided(toolCallId, { approved: false, reason: 'the run has ended' });
    }
  }

  #lapse(toolCallId: string): void {
    const reason = NO_ANSWER;
    const settle = () => this.decided(toolCallId, { approved: false, reason });
    // The user's other tabs stop asking, too; a decision that was faster has settled it already.
    this.#emit({ type: 'tool_approval_resolved', payload: { tool_call_id: toolCallId, approved: false, reason } }).then(
      settle,
      settle,
    );
  }
}
