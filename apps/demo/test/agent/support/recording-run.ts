import type { JsonObject, JsonValue } from '@ws/types';
import type { AgentRun } from '../../../server/agent/index.ts';

export type Recorded =
  | { type: 'agent_started' }
  | { type: 'agent_thinking'; delta: string }
  | { type: 'agent_response_chunk'; delta: string }
  | { type: 'tool_approval_requested'; id: string; name: string }
  | { type: 'tool_executing'; id: string; name: string; args: JsonValue }
  | { type: 'tool_completed'; id: string; success: boolean; result?: JsonValue; error?: string }
  | { type: 'agent_completed'; status: string; error?: string; response?: string; usage?: JsonObject };

/** A run that keeps what it is told and refuses, as a real one does, what comes out of order. */
export class RecordingRun implements AgentRun {
  readonly runId = 'run-1';
  readonly events: Recorded[] = [];
  readonly #controller = new AbortController();
  readonly #open = new Set<string>();
  readonly #onEvent: (event: Recorded, run: RecordingRun) => void;

  /** What the user says to each request for an approval. */
  readonly #approves: boolean;

  constructor(onEvent: (event: Recorded, run: RecordingRun) => void = () => undefined, approves = true) {
    this.#onEvent = onEvent;
    this.#approves = approves;
    this.#record({ type: 'agent_started' });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort();
  }

  get thought(): string {
    return this.events.map((event) => (event.type === 'agent_thinking' ? event.delta : '')).join('');
  }

  get answer(): string {
    return this.events.map((event) => (event.type === 'agent_response_chunk' ? event.delta : '')).join('');
  }

  get end(): Extract<Recorded, { type: 'agent_completed' }> | undefined {
    return this.ofType('agent_completed')[0];
  }

  get calls(): string[] {
    return this.ofType('tool_executing').map(({ name }) => name);
  }

  ofType<Type extends Recorded['type']>(type: Type): Extract<Recorded, { type: Type }>[] {
    return this.events.filter((event): event is Extract<Recorded, { type: Type }> => event.type === type);
  }

  async think(delta: string): Promise<void> {
    this.#during({ type: 'agent_thinking', delta });
  }

  async write(delta: string): Promise<void> {
    this.#during({ type: 'agent_response_chunk', delta });
  }

  async requestApproval({ toolName, toolCallId = '' }: { toolName: string; toolCallId?: string }) {
    this.#during({ type: 'tool_approval_requested', id: toolCallId, name: toolName });
    return { approved: this.#approves };
  }

  async tool<Result extends JsonValue>(
    name: string,
    args: JsonValue,
    work: () => Promise<Result>,
    { toolCallId: id = `call-${this.calls.length + 1}` }: { toolCallId?: string } = {},
  ): Promise<Result> {
    if (this.ofType('tool_executing').some((other) => other.id === id)) throw new Error(`second call ${id}`);
    this.#during({ type: 'tool_executing', id, name, args });
    this.#open.add(id);
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      const reason = this.signal.aborted ? 'cancelled by the user' : (error as Error).message;
      this.#closeTool({ type: 'tool_completed', id, success: false, error: reason });
      throw error;
    }
    this.#closeTool({ type: 'tool_completed', id, success: true, result });
    return result;
  }

  async complete(options: { finalResponse?: string; usage?: JsonObject } = {}): Promise<void> {
    this.#finish({
      type: 'agent_completed',
      status: this.signal.aborted ? 'cancelled' : 'completed',
      ...(options.finalResponse === undefined ? {} : { response: options.finalResponse }),
      ...(options.usage === undefined ? {} : { usage: options.usage }),
    });
  }

  async fail(error: string): Promise<void> {
    this.#finish({ type: 'agent_completed', status: 'failed', error });
  }

  #during(event: Recorded): void {
    if (this.end !== undefined) throw new Error(`${event.type} after agent_completed`);
    this.#record(event);
  }

  #closeTool(event: Extract<Recorded, { type: 'tool_completed' }>): void {
    if (!this.#open.delete(event.id)) throw new Error(`${event.id} is not open`);
    this.#during(event);
  }

  #finish(event: Extract<Recorded, { type: 'agent_completed' }>): void {
    if (this.#open.size > 0) throw new Error('agent_completed while a tool is executing');
    this.#during(event);
  }

  #record(event: Recorded): void {
    // What JSON cannot carry would not reach anybody.
    this.events.push(JSON.parse(JSON.stringify(event)) as Recorded);
    this.#onEvent(event, this);
  }
}
