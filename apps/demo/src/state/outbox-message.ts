/** A message of this tab that has not come back as an event yet. */
export interface OutboxMessage {
  readonly messageId: string;
  readonly threadId: string;
  readonly text: string;
  readonly at: number;
  /** Why it could not be sent. */
  readonly error?: string;
}

/** What happens to such a message. */
export type OutboxInput =
  | { readonly kind: 'message_sent'; readonly message: OutboxMessage }
  | { readonly kind: 'message_failed'; readonly messageId: string; readonly error: string }
  | { readonly kind: 'message_dropped'; readonly messageId: string };
