/** One earlier message of the thread. */
interface HistoryMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export type ConversationHistory = readonly HistoryMessage[];
