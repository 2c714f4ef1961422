import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { UserMessageHandler } from '@ws/core';
import { inSpan } from './spans.ts';

/** The handler inside of a span of its own, so that the events of the run that answers belong to one trace. */
export function tracedHandler(handler: UserMessageHandler): UserMessageHandler {
  return (message) => {
    const attributes = {
      'messaging.system': 'agent-events',
      'messaging.operation.name': 'answer',
      'messaging.message.id': message.messageId,
      'agent_events.run_id': message.runId,
      'agent_events.thread_id': message.threadId,
    };
    // The socket has been open for long: what its upgrade belonged to has nothing to do with this message.
    const settings = { kind: SpanKind.CONSUMER, attributes, parent: ROOT_CONTEXT };
    return inSpan('answer user message', settings, async () => handler(message));
  };
}
