import { isWebSocketError, type JsonValue, type OpenRun, type PendingApproval, type WebSocketError } from '@ws/types';
import type { Requests } from './requests.ts';

export interface ApprovalReaderParts {
  readonly requests: Pick<Requests, 'request'>;
  readonly openRuns: () => readonly OpenRun[];
  /** The arguments of an approval are here. */
  readonly read: (runId: string, toolCallId: string, args: JsonValue) => void;
  readonly report: (error: WebSocketError) => void;
}

/**
 * Reads the arguments of approvals that `connection_ready` left out because there were too many of them. One after the other: the
 * server holds what it answers to a client that reads slowly.
 */
export class ApprovalReader {
  readonly #parts: ApprovalReaderParts;
  #isReading = false;

  constructor(parts: ApprovalReaderParts) {
    this.#parts = parts;
  }

  /** Reads what is missing, if that is not under way. */
  start(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readAll().finally(() => {
      this.#isReading = false;
    });
  }

  async #readAll(): Promise<void> {
    const { requests, openRuns, read, report } = this.#parts;
    // Each is asked for once on a connection: the next one brings them as new objects.
    const tried = new Set<PendingApproval>();
    for (;;) {
      const next = openRuns()
        .flatMap(({ run_id, pending_approvals }) => pending_approvals.map((approval) => ({ run_id, approval })))
        .find(({ approval }) => approval.args_omitted === true && !tried.has(approval));
      if (next === undefined) return;
      const { run_id, approval } = next;
      const { tool_call_id } = approval;
      tried.add(approval);
      try {
        const { args } = await requests.request({ type: 'read_approval', run_id, tool_call_id }, tool_call_id);
        if (args !== undefined) read(run_id, tool_call_id, args);
      } catch (error) {
        // Any other error says that the approval does not wait any more, or not for this client: nothing is missing then.
        if (isWebSocketError(error) && error.retryable) report(error);
      }
    }
  }
}
