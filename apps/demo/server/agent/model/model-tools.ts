import { isId, type JsonValue } from '@ws/types';
import type OpenAI from 'openai';
import { isToolError, toolErrorMessage, type ToolCalls } from '../tool-calls.ts';
import { ToolInputError, WORKSPACE_TOOLS, type AnyTool } from '../tools/index.ts';
import type { RequestedCall } from './read-turn.ts';

/** The tools as the API describes them. */
export const TOOL_DESCRIPTIONS: OpenAI.Chat.Completions.ChatCompletionFunctionTool[] = WORKSPACE_TOOLS.map(
  ({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: { ...parameters } },
  }),
);

const BY_NAME: ReadonlyMap<string, AnyTool> = new Map(WORKSPACE_TOOLS.map((tool) => [tool.name, tool]));

/** Runs the calls that a model asked for. What goes wrong in one is told to the model, not to the user. */
export class ModelTools {
  readonly #tools: ToolCalls;
  readonly #usedIds = new Set<string>();

  constructor(tools: ToolCalls) {
    this.#tools = tools;
  }

  /** Gives the text of the answer to the model. */
  async run(call: RequestedCall): Promise<string> {
    const tool = BY_NAME.get(call.name) ?? unknownTool(call.name);
    const args = parseArguments(call.args);
    try {
      return JSON.stringify(await this.#tools.invoke(tool, args, this.#freshId(call.id)));
    } catch (error) {
      if (!isToolError(error)) throw error;
      return JSON.stringify({ error: toolErrorMessage(error) });
    }
  }

  /** Some endpoints number their calls again in every turn; the run needs ids that are unique in it. */
  #freshId(id: string): string | undefined {
    if (!isId(id) || this.#usedIds.has(id)) return undefined;
    this.#usedIds.add(id);
    return id;
  }
}

/** Text that is no JSON stays text, which no tool takes: so the model is told. */
function parseArguments(text: string): JsonValue {
  if (text.trim() === '') return {};
  try {
    return withoutNulls(JSON.parse(text) as JsonValue);
  } catch {
    return text;
  }
}

/** Models write `null` for what they leave out. */
function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

function unknownTool(name: string): AnyTool {
  return {
    name: name === '' ? '(unnamed)' : name.slice(0, 64),
    description: '',
    parameters: {},
    async invoke() {
      throw new ToolInputError(`There is no such tool. There are: ${[...BY_NAME.keys()].join(', ')}.`);
    },
  };
}
