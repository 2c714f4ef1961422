import type { JsonObject } from '@ws/types';
import type { Speech } from '../speech.ts';
import type { ToolCalls } from '../tool-calls.ts';
import type { Tool } from '../tools/index.ts';
import type { Question } from './question.ts';

/** What a plan works with: its question, its tools, its voice. */
export interface PlannerSession {
  readonly question: Question;
  /** Name of the folder. */
  readonly folder: string;
  think(text: string): Promise<void>;
  say(text: string): Promise<void>;
  call<Args extends JsonObject, Result extends JsonObject>(tool: Tool<Args, Result>, args: Args): Promise<Result>;
}

/** The steps that answer one question. */
export type Plan = (session: PlannerSession) => Promise<void>;

/** A sort of question. */
export interface Intent {
  readonly name: string;
  /** An example, for people. */
  readonly example: string;
  /** Gives the plan if the question is of this sort. */
  recognise(question: Question): Plan | undefined;
}

export function createSession(question: Question, folder: string, speech: Speech, tools: ToolCalls): PlannerSession {
  return {
    question,
    folder,
    think: (text) => speech.think(text),
    say: (text) => speech.say(text),
    call: (tool, args) => tools.call(tool, args),
  };
}
