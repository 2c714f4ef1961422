import type { JsonObject } from '@ws/types';
import * as v from 'valibot';
import type { Workspace } from '../workspace/index.ts';
import { toJsonSchema } from './json-schema.ts';

/** What a tool may use. */
export interface ToolContext {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

/** A tool as a model sees it: arguments are whatever came, and are checked. */
export interface AnyTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject;
  invoke(args: unknown, context: ToolContext): Promise<JsonObject>;
}

/** A tool as code of the agent sees it. */
export interface Tool<Args extends JsonObject, Result extends JsonObject> extends AnyTool {
  run(args: Args, context: ToolContext): Promise<Result>;
}

/** The arguments of a call do not fit the tool. */
export class ToolInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ToolInputError';
  }
}

export function defineTool<Args extends JsonObject, Checked, Result extends JsonObject>(definition: {
  name: string;
  description: string;
  schema: v.GenericSchema<Args, Checked>;
  run: (args: Checked, context: ToolContext) => Promise<Result>;
}): Tool<Args, Result> {
  const { name, description, schema } = definition;
  const invoke = async (args: unknown, context: ToolContext): Promise<Result> => {
    const parsed = v.safeParse(schema, args);
    if (!parsed.success) throw new ToolInputError(`Wrong arguments for ${name}: ${describeIssues(parsed.issues)}`);
    return definition.run(parsed.output, context);
  };
  return { name, description, parameters: toJsonSchema(schema), invoke, run: invoke };
}

function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? 'arguments'}: ${issue.message}`)
    .join('; ');
}
