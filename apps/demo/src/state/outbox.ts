import type { OutboxMessage } from './outbox-message.ts';
import type { PageInput } from './page-input.ts';

/** A message is shown at once, and its event takes its place: both carry the same message id. */
export function reduceOutbox(outbox: readonly OutboxMessage[], input: PageInput): readonly OutboxMessage[] {
  switch (input.kind) {
    case 'message_sent':
      return [...without(outbox, input.message.messageId), input.message];
    case 'message_failed':
      return outbox.map((message) =>
        message.messageId === input.messageId ? { ...message, error: input.error } : message,
      );
    case 'message_dropped':
      return without(outbox, input.messageId);
    case 'item': {
      if (!('event' in input.item) || input.item.event.type !== 'user_message') return outbox;
      return without(outbox, input.item.event.payload.message_id);
    }
    default:
      return outbox;
  }
}

function without(outbox: readonly OutboxMessage[], messageId: string): readonly OutboxMessage[] {
  const left = outbox.filter((message) => message.messageId !== messageId);
  return left.length === outbox.length ? outbox : left;
}
