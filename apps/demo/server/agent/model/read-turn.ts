import type OpenAI from 'openai';
import { ModelError } from './model-error.ts';

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type Delta = OpenAI.Chat.Completions.ChatCompletionChunk.Choice.Delta;

/** Bounds on what an endpoint may send in one turn. */
const MAX_TOOL_CALLS = 16;
const MAX_TURN_CHARACTERS = 400_000;

export interface RequestedCall {
  /** As the model wrote it; empty if it gave none. */
  readonly id: string;
  readonly name: string;
  readonly args: string;
}

/** One message of the model, read to its end. */
export interface Turn {
  readonly content: string;
  readonly calls: readonly RequestedCall[];
  readonly finishReason: string | undefined;
  readonly usage: OpenAI.CompletionUsage | undefined;
}

export interface TurnListener {
  /** Something came, of whatever kind. */
  heard(): void;
  reasoning(delta: string): Promise<unknown>;
  content(delta: string): Promise<unknown>;
}

/** Reads a streamed message, passing on its text as it comes. */
export async function readTurn(chunks: AsyncIterable<Chunk>, listener: TurnListener): Promise<Turn> {
  const calls = new Map<number, { id: string; name: string; args: string }>();
  let content = '';
  let characters = 0;
  let finishReason: string | undefined;
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of chunks) {
    listener.heard();
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    finishReason = choice.finish_reason ?? finishReason;
    const delta: Delta | undefined = choice.delta;
    if (delta === undefined) continue;
    const reasoning = reasoningOf(delta);
    if (reasoning !== '') await listener.reasoning(reasoning);
    const text = typeof delta.content === 'string' ? delta.content : '';
    if (text !== '') await listener.content(text);
    content += text;
    characters += reasoning.length + text.length + collectCalls(calls, delta);
    if (characters > MAX_TURN_CHARACTERS) throw new ModelError('The model writes without end, so it was stopped.');
  }
  const ordered = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  return { content, calls: ordered, finishReason, usage };
}

/** Not part of OpenAI's own API: endpoints that stream reasoning use one of these two fields. */
function reasoningOf(delta: Delta): string {
  const fields: { reasoning_content?: unknown; reasoning?: unknown } = delta as object;
  const text = fields.reasoning_content ?? fields.reasoning;
  return typeof text === 'string' ? text : '';
}

/** A call comes in pieces: its name first, its arguments bit by bit, told apart by their index. Gives how much came. */
function collectCalls(calls: Map<number, { id: string; name: string; args: string }>, delta: Delta): number {
  let characters = 0;
  for (const [position, piece] of (delta.tool_calls ?? []).entries()) {
    const index = typeof piece.index === 'number' ? piece.index : position;
    const call = calls.get(index) ?? { id: '', name: '', args: '' };
    if (!calls.has(index)) {
      if (calls.size === MAX_TOOL_CALLS) throw new ModelError('The model asks for too many tool calls at once.');
      calls.set(index, call);
    }
    if (piece.id) call.id = piece.id;
    if (piece.function?.name) call.name = piece.function.name;
    call.args += piece.function?.arguments ?? '';
    characters += piece.function?.arguments?.length ?? 0;
  }
  return characters;
}
