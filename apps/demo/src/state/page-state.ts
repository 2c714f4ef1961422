import { NOT_CONNECTED, reduceConnection, type ConnectionFacts } from './connection-facts.ts';
import { NO_CONVERSATION, reduceConversation, type Conversation } from './conversation.ts';
import { NOTHING_DELIVERED, reduceAudit, type DeliveryAudit } from './delivery-audit.ts';
import { reduceLog, type LogRow } from './event-log.ts';
import { reduceInterruptions, type Interruption } from './interruptions.ts';
import { reduceOutbox } from './outbox.ts';
import type { OutboxMessage } from './outbox-message.ts';
import type { PageInput } from './page-input.ts';

/** All that the page shows, but for what is open or scrolled. */
export interface PageState {
  readonly conversation: Conversation;
  readonly outbox: readonly OutboxMessage[];
  readonly connection: ConnectionFacts;
  readonly audit: DeliveryAudit;
  readonly interruptions: readonly Interruption[];
  readonly log: readonly LogRow[];
}

export const EMPTY_PAGE: PageState = {
  conversation: NO_CONVERSATION,
  outbox: [],
  connection: NOT_CONNECTED,
  audit: NOTHING_DELIVERED,
  interruptions: [],
  log: [],
};

/** The page after one more input. Pure. */
export function reducePage(before: PageState, input: PageInput): PageState {
  // Another user's stream begins: of what was there only the connection goes on.
  const state = isOfAnotherUser(before, input) ? { ...EMPTY_PAGE, connection: before.connection } : before;
  const audit = reduceAudit(state.audit, input);
  const cutting = state.connection.cutUntil !== null;
  return {
    conversation: reduceConversation(state.conversation, input),
    outbox: reduceOutbox(state.outbox, input),
    connection: reduceConnection(state.connection, input),
    audit,
    interruptions: reduceInterruptions(state.interruptions, input, state.audit, audit, cutting),
    log: reduceLog(state.log, input),
  };
}

function isOfAnotherUser({ connection: { userId } }: PageState, input: PageInput): boolean {
  if (input.kind !== 'item' || input.item.kind !== 'reset') return false;
  return userId !== null && input.item.ready.user_id !== userId;
}
