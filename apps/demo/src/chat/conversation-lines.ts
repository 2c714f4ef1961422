import type { Interruption } from '../state/interruptions.ts';
import type { OutboxMessage } from '../state/outbox-message.ts';
import type { Thread, ThreadItem } from '../state/threads.ts';

/** One line of a conversation as it is shown. */
export type ConversationLine =
  | ThreadItem
  | { readonly kind: 'outgoing'; readonly key: string; readonly message: OutboxMessage }
  | { readonly kind: 'interruption'; readonly key: string; readonly interruption: Interruption };

/** What a conversation shows, in order: its items, the breaks between them, and what is on its way. */
export function conversationLines(
  thread: Thread | undefined,
  outbox: readonly OutboxMessage[],
  interruptions: readonly Interruption[],
): readonly ConversationLine[] {
  const items = thread?.items ?? [];
  const first = items[0]?.order ?? 0;
  const lines: ConversationLine[] = [];
  // A break before the conversation began is none of its business, but for one that made its history incomplete.
  const breaks = interruptions.filter(({ shownAfter, recovery }) => recovery === 'reset' || shownAfter >= first);
  const shown = new Set<Interruption>();
  for (const item of items) {
    for (const interruption of breaks) {
      if (shown.has(interruption) || interruption.shownAfter >= item.order) continue;
      lines.push(lineOf(interruption));
      shown.add(interruption);
    }
    lines.push(item);
  }
  const messages = outbox.map((message) => ({ kind: 'outgoing', key: message.messageId, message }) as const);
  return [...lines, ...breaks.filter((interruption) => !shown.has(interruption)).map(lineOf), ...messages];
}

function lineOf(interruption: Interruption): ConversationLine {
  return { kind: 'interruption', key: `interruption-${interruption.id}`, interruption };
}
