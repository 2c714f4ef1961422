import { systemClock, type AgentClock } from './clock.ts';
import type { ConversationHistory } from './conversation-history.ts';
import type { Driver, DriverContext, DriverResult } from './driver.ts';
import { ModelError, type ModelSettings } from './model/index.ts';
import { answerByRules } from './planner/index.ts';
import type { AgentRun } from './run-port.ts';
import { isToolError, ToolCalls } from './tool-calls.ts';
import { Workspace, type WorkspaceLimits } from './workspace/index.ts';

const DEFAULT_PACE_MS = 15;
/** For a message that asks for a slow answer: a run of ten seconds or more, in which a person can break something. */
const SLOW_PACE_MS = 600;

export interface WorkspaceAgentOptions {
  /** The folder that questions are about. */
  readonly root: string;
  /** The model that drives the tools; without one, rules do. */
  readonly model?: ModelSettings | undefined;
  readonly clock?: AgentClock;
  /** Milliseconds between two deltas of the rules, so that a person can follow; 0 for none. */
  readonly pace?: number;
  readonly limits?: Partial<WorkspaceLimits>;
}

export interface WorkspaceAgent {
  readonly name: string;
  readonly kind: 'rule-based' | 'model';
  /**
   * Answers one question in a run that has begun, and ends it. Rejects only if the run itself refuses an event;
   * whatever else goes wrong ends the run as failed.
   */
  answer(question: string, run: AgentRun, history?: ConversationHistory): Promise<void>;
}

/** Makes the agent that answers questions about a folder. Throws if the folder is not there. */
export function createWorkspaceAgent(options: WorkspaceAgentOptions): WorkspaceAgent {
  const workspace = new Workspace(options.root, options.limits);
  const clock = options.clock ?? systemClock;
  const pace = options.pace ?? DEFAULT_PACE_MS;
  const driver = options.model === undefined ? answerByRules : modelDriver(options.model);
  return {
    name: 'workspace-agent',
    kind: options.model === undefined ? 'rule-based' : 'model',
    async answer(question, run, history = []) {
      const { text, asksFirst, isSlow } = readManner(question);
      const tools = new ToolCalls(run, workspace, asksFirst);
      const context = { run, tools, workspace, clock, pace: isSlow ? SLOW_PACE_MS : pace, history, asksFirst };
      const outcome = await attempt(driver, text, context);
      // Whatever came of it, who asked for an end gets that end.
      if (run.signal.aborted) await run.complete();
      else if (outcome.error !== undefined) await run.fail(outcome.error);
      else
        await run.complete({ finalResponse: outcome.response, usage: { ...outcome.usage, tool_calls: tools.count } });
    },
  };
}

/** The driver for a model, with its SDK loaded when the first question is asked: most servers never need it. */
function modelDriver(settings: ModelSettings): Driver {
  let loaded: Promise<Driver> | undefined;
  return async (question, context) => {
    loaded ??= import('./model/model-driver.ts').then(({ createModelDriver }) => createModelDriver(settings));
    return (await loaded)(question, context);
  };
}

/** What a message asks, and how it wants to be answered. */
interface Manner {
  /** The message without the words about the manner. */
  readonly text: string;
  /** The first tool call waits for the user's approval. */
  readonly asksFirst: boolean;
  /** The answer takes long enough to break something meanwhile: a reload, the connection, the server. */
  readonly isSlow: boolean;
}

const ASK_FIRST = /(?<=^|[?.!,])\s*(?:please |but |and )?ask me (?:first|before)[.!]*\s*$/i;
const SLOWLY = /(?<=^|[?.!,])\s*(?:please |but |and )?answer slowly[.!]*\s*$/i;

/** Reads "Ask me first." and "Answer slowly." at the end of a message, in any order. */
function readManner(message: string): Manner {
  let text = message;
  const take = (sentence: RegExp): boolean => {
    const rest = text.replace(sentence, '');
    const isThere = rest !== text;
    text = rest;
    return isThere;
  };
  const isLastSlow = take(SLOWLY);
  const asksFirst = take(ASK_FIRST);
  const isSlow = isLastSlow || take(SLOWLY);
  return { text, asksFirst, isSlow };
}

type Outcome = (DriverResult & { readonly error?: never }) | { readonly error: string };

async function attempt(driver: Driver, question: string, context: DriverContext): Promise<Outcome> {
  try {
    context.run.signal.throwIfAborted();
    return await driver(question, context);
  } catch (error) {
    return { error: failureMessage(error) };
  }
}

/** Only messages that were written to be read are passed on: others might tell about the machine, or a key. */
function failureMessage(error: unknown): string {
  if (error instanceof ModelError || isToolError(error)) return error.message;
  const name = error instanceof Error ? error.name : typeof error;
  return `The agent failed for an internal reason (${name}).`;
}
