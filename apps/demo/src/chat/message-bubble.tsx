import { formatClock } from '@ws/ui';
import { usePage, useSession } from '../app/session-context.ts';
import { isConnected } from '../run/run-activity.ts';
import type { OutboxMessage } from '../state/outbox-message.ts';
import './message-bubble.css';

export interface MessageBubbleProps {
  readonly text: string;
  readonly at: number;
  readonly live: boolean;
}

/** What the user said, in this tab or in another. */
export function MessageBubble({ text, at, live }: MessageBubbleProps) {
  return (
    <div className="message" data-testid="user-message" data-live={live}>
      <span className="visually-hidden">You said:</span>
      <p className="message__text" title={formatClock(at)}>
        {text}
      </p>
    </div>
  );
}

/** A message on its way: it looks like the one it becomes. */
export function OutgoingBubble({ message }: { readonly message: OutboxMessage }) {
  const session = useSession();
  const { messageId, threadId, text, error } = message;
  const isOnline = usePage((state) => isConnected(state.connection.client));
  return (
    <div className="message" data-testid="outgoing-message" data-outgoing={error === undefined ? 'sending' : 'failed'}>
      <span className="visually-hidden">You said:</span>
      <p className="message__text">{text}</p>
      {error === undefined ? (
        <span className="message__note">{isOnline ? 'Sending' : 'Waits for the connection'}</span>
      ) : (
        <span className="message__note" role="alert">
          Not sent: {error}{' '}
          <button type="button" onClick={() => session.resend(messageId, threadId, text)}>
            Try again
          </button>
          <button type="button" onClick={() => session.drop(messageId)}>
            Discard
          </button>
        </span>
      )}
    </div>
  );
}
