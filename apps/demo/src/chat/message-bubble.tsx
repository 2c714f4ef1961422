import { useConnection, useSendMessage, type ThreadEntry, type ThreadMessage } from '@ws/react';
import { formatClock } from '@ws/ui';
import { errorText } from '../session/error-text.ts';
import './message-bubble.css';

export interface MessageBubbleProps {
  readonly message: ThreadMessage;
  readonly threadId: string;
  /** It arrived while the page watched. */
  readonly live: boolean;
}

/** A message of this tab that has not come back as an event yet. */
export function isOutgoing(entry: ThreadEntry): boolean {
  return entry.kind === 'message' && entry.timestamp === undefined;
}

/** What the user said, in this tab or in another. On its way it looks like what it becomes. */
export function MessageBubble({ message, threadId, live }: MessageBubbleProps) {
  const { text, status, timestamp } = message;
  const outgoing = status === 'failed' ? 'failed' : 'sending';
  return (
    <div
      className="message"
      data-testid={isOutgoing(message) ? 'outgoing-message' : 'user-message'}
      data-live={live}
      data-outgoing={isOutgoing(message) ? outgoing : undefined}
    >
      <span className="visually-hidden">You said:</span>
      <p className="message__text" title={timestamp === undefined ? undefined : formatClock(timestamp)}>
        {text}
      </p>
      {isOutgoing(message) && (status === 'failed' ? <NotSent message={message} threadId={threadId} /> : <OnItsWay />)}
    </div>
  );
}

function OnItsWay() {
  const { isConnected } = useConnection();
  return <span className="message__note">{isConnected ? 'Sending' : 'Waits for the connection'}</span>;
}

function NotSent({ message, threadId }: Pick<MessageBubbleProps, 'message' | 'threadId'>) {
  const { sendMessage, forget } = useSendMessage({ threadId });
  const { messageId, text, error } = message;
  return (
    <span className="message__note" role="alert">
      Not sent: {errorText(error)}{' '}
      <button type="button" onClick={() => void sendMessage({ text, messageId })}>
        Try again
      </button>
      <button type="button" onClick={() => forget(messageId)}>
        Discard
      </button>
    </span>
  );
}
