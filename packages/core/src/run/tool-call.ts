import type { JsonValue, ToolCompletedPayload } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';

/** A tool call that was announced and waits for its result. */
export class ToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #emit: (payload: ToolCompletedPayload) => Promise<EmitReceipt>;

  constructor(
    toolCallId: string,
    toolName: string,
    clock: Clock,
    emit: (payload: ToolCompletedPayload) => Promise<EmitReceipt>,
  ) {
    this.toolCallId = toolCallId;
    this.toolName = toolName;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#emit = emit;
  }

  /** Emits `tool_completed` with success. Throws `TOOL_CALL_NOT_EXECUTING` the second time. */
  completed(result: JsonValue): Promise<EmitReceipt> {
    return this.#emit({ ...this.#common(), success: true, result });
  }

  /** Emits `tool_completed` without success. Throws `TOOL_CALL_NOT_EXECUTING` the second time. */
  failed(error: string): Promise<EmitReceipt> {
    return this.#emit({ ...this.#common(), success: false, error });
  }

  #common(): Pick<ToolCompletedPayload, 'tool_call_id' | 'tool_name' | 'duration_ms'> {
    return {
      tool_call_id: this.toolCallId,
      tool_name: this.toolName,
      duration_ms: Math.round(this.#clock.monotonic() - this.#startedAt),
    };
  }
}
