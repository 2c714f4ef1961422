import type { JsonObject } from '@ws/types';
import type OpenAI from 'openai';
import type { DriverContext, DriverResult } from '../driver.ts';
import { Conversation } from './conversation.ts';
import { instructionsFor } from './instructions.ts';
import { ModelError } from './model-error.ts';
import { ModelTools } from './model-tools.ts';
import type { Turn } from './read-turn.ts';
import { requestTurn } from './request-turn.ts';

export interface ModelRunOptions {
  readonly client: OpenAI;
  readonly model: string;
  readonly idleTimeoutMs: number;
  readonly maxSteps: number;
}

/** One question on its way through turns of the model and calls of tools. */
export class ModelRun {
  readonly #options: ModelRunOptions;
  readonly #context: DriverContext;
  readonly #conversation: Conversation;
  readonly #tools: ModelTools;
  #response = '';
  #steps = 0;
  #promptTokens = 0;
  #completionTokens = 0;

  constructor(options: ModelRunOptions, question: string, context: DriverContext) {
    this.#options = options;
    this.#context = context;
    this.#conversation = new Conversation(instructionsFor(context.workspace.name), context.history, question);
    this.#tools = new ModelTools(context.tools);
  }

  async answer(): Promise<DriverResult> {
    for (;;) {
      this.#steps += 1;
      const mayCall = this.#steps < this.#options.maxSteps;
      const turn = await this.#turn(mayCall);
      if (turn.calls.length === 0 || !mayCall) {
        await this.#end(turn);
        return { response: this.#response, usage: this.#usage() };
      }
      await this.#runTools(turn);
    }
  }

  async #turn(mayCall: boolean): Promise<Turn> {
    const { client, model, idleTimeoutMs } = this.#options;
    const turn = await requestTurn({
      client,
      run: this.#context.run,
      model,
      messages: this.#conversation.messages,
      mayCall,
      idleTimeoutMs,
      onContent: (delta) => this.#say(delta),
    });
    this.#promptTokens += turn.usage?.prompt_tokens ?? 0;
    this.#completionTokens += turn.usage?.completion_tokens ?? 0;
    return turn;
  }

  async #runTools(turn: Turn): Promise<void> {
    // What the model says next is a paragraph of its own.
    if (turn.content !== '') await this.#say('\n\n');
    const calls = turn.calls.map((call, index) => ({
      call,
      id: call.id === '' ? `call_${this.#steps}_${index}` : call.id,
    }));
    this.#conversation.add({
      role: 'assistant',
      content: turn.content === '' ? null : turn.content,
      tool_calls: calls.map(({ call, id }) => ({
        id,
        type: 'function',
        function: { name: call.name, arguments: call.args },
      })),
    });
    for (const { call, id } of calls) this.#conversation.addToolResult(id, await this.#tools.run(call));
  }

  async #end(turn: Turn): Promise<void> {
    if (turn.finishReason === 'content_filter') throw new ModelError('The model endpoint withheld the answer.');
    if (turn.content.trim() === '') throw new ModelError('The model gave no answer.');
    if (turn.finishReason === 'length') await this.#say('\n\n*(The model reached its limit here.)*');
  }

  async #say(delta: string): Promise<void> {
    await this.#context.run.write(delta);
    this.#response += delta;
  }

  #usage(): JsonObject {
    return {
      model: this.#options.model,
      requests: this.#steps,
      prompt_tokens: this.#promptTokens,
      completion_tokens: this.#completionTokens,
      total_tokens: this.#promptTokens + this.#completionTokens,
    };
  }
}
