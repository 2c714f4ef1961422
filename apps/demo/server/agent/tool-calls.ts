import type { JsonObject, JsonValue } from '@ws/types';
import type { AgentRun } from './run-port.ts';
import { ToolInputError, type AnyTool, type Tool, type ToolContext } from './tools/index.ts';
import { WorkspaceError, type Workspace } from './workspace/index.ts';

/** The user did not allow a tool call. */
export class ToolDenied extends Error {
  override readonly name = 'ToolDenied';

  constructor(toolName: string) {
    super(`The user did not allow ${toolName}.`);
  }
}

/** Runs tools and announces each call: its start, then its result or its failure. */
export class ToolCalls {
  readonly #run: AgentRun;
  readonly #context: ToolContext;
  #count = 0;
  /** The next call waits for the user's approval. */
  #asks: boolean;

  constructor(run: AgentRun, workspace: Workspace, asksFirst = false) {
    this.#run = run;
    this.#asks = asksFirst;
    this.#context = { workspace, signal: run.signal };
  }

  /** How many calls were announced. */
  get count(): number {
    return this.#count;
  }

  async call<Args extends JsonObject, Result extends JsonObject>(
    tool: Tool<Args, Result>,
    args: Args,
  ): Promise<Result> {
    return this.#announced({ toolName: tool.name, args }, () => tool.run(args, this.#context));
  }

  /** Calls a tool with arguments that a model wrote. */
  async invoke(tool: AnyTool, args: JsonValue, toolCallId?: string): Promise<JsonObject> {
    const call = { toolName: tool.name, args, ...(toolCallId === undefined ? {} : { toolCallId }) };
    return this.#announced(call, () => tool.invoke(args, this.#context));
  }

  async #announced<Result extends JsonObject>(
    call: { toolName: string; args: JsonValue; toolCallId?: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.#run.signal.throwIfAborted();
    const { toolName, args, ...options } = this.#asks ? await this.#approved(call) : call;
    try {
      return await this.#run.tool(toolName, args, () => this.#attempt(work), options);
    } catch (error) {
      throw error instanceof ShownToolError ? error.cause : error;
    }
  }

  /** The approval and the call have one id, so that a page shows the decision at the call. */
  async #approved(call: { toolName: string; args: JsonValue; toolCallId?: string }) {
    const asked = { ...call, toolCallId: call.toolCallId ?? `${this.#run.runId}-asked` };
    const { approved } = await this.#run.requestApproval(asked);
    this.#run.signal.throwIfAborted();
    if (!approved) throw new ToolDenied(call.toolName);
    this.#asks = false;
    return asked;
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    try {
      const result = await work();
      this.#run.signal.throwIfAborted();
      return result;
    } catch (error) {
      throw new ShownToolError(error);
    }
  }
}

/** What the user is shown of an error of a tool, which is its cause. */
class ShownToolError extends Error {
  constructor(cause: unknown) {
    super(toolErrorMessage(cause), { cause });
  }
}

/** What may be said of a tool's error: those of the tools are made to be read, others might tell about the machine. */
export function toolErrorMessage(error: unknown): string {
  if (isToolError(error)) return error.message;
  return 'The tool failed for an internal reason.';
}

/** Tells errors that a caller can do something about from faults of the program. */
export function isToolError(error: unknown): error is Error {
  return error instanceof WorkspaceError || error instanceof ToolInputError || error instanceof ToolDenied;
}
