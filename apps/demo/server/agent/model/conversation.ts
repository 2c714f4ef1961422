import type OpenAI from 'openai';
import type { ConversationHistory } from '../conversation-history.ts';

export type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;

const MAX_HISTORY_MESSAGES = 20;
const MAX_HISTORY_CHARACTERS = 24_000;
const MAX_RESULT_CHARACTERS = 16_000;
/** Above this, the oldest results of tools are taken out. */
const MAX_CHARACTERS = 160_000;
const MAX_QUESTION_CHARACTERS = 16_000;

/** The messages that go to the model, kept within bounds. */
export class Conversation {
  readonly #messages: Message[];

  constructor(instructions: string, history: ConversationHistory, question: string) {
    this.#messages = [
      { role: 'system', content: instructions },
      ...recent(history),
      { role: 'user', content: question.slice(0, MAX_QUESTION_CHARACTERS) },
    ];
  }

  get messages(): Message[] {
    return this.#messages;
  }

  add(message: Message): void {
    this.#messages.push(message);
  }

  addToolResult(toolCallId: string, result: string): void {
    const content =
      result.length > MAX_RESULT_CHARACTERS
        ? `${result.slice(0, MAX_RESULT_CHARACTERS)} … [cut here: ask for less]`
        : result;
    this.#messages.push({ role: 'tool', tool_call_id: toolCallId, content });
    this.#forgetOldResults();
  }

  #forgetOldResults(): void {
    let total = this.#messages.reduce(
      (sum, { content }) => sum + (typeof content === 'string' ? content.length : 0),
      0,
    );
    // The newest result stays: the model has not read it yet.
    for (const message of this.#messages.slice(0, -1)) {
      if (total <= MAX_CHARACTERS) return;
      if (message.role !== 'tool' || typeof message.content !== 'string') continue;
      total -= message.content.length;
      message.content = '[taken out to save room: call the tool again if this is needed]';
    }
  }
}

/** The newest messages that fit. */
function recent(history: ConversationHistory): Message[] {
  const kept: Message[] = [];
  let characters = 0;
  for (const { role, content } of history.slice(-MAX_HISTORY_MESSAGES).reverse()) {
    characters += content.length;
    if (characters > MAX_HISTORY_CHARACTERS) break;
    kept.unshift({ role, content });
  }
  return kept;
}
