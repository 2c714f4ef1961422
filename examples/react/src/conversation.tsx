import { useSendMessage, useThread, type ThreadMessage } from '@ws/react';
import { memo, type ReactNode } from 'react';
import { Run } from './run.tsx';

/** Renders when a message or a run is new, never for a token: what a run says is read further down. */
export function Conversation({ threadId }: { readonly threadId: string }): ReactNode {
  const { entries } = useThread(threadId);
  return (
    <main>
      {entries.map((entry) =>
        entry.kind === 'run' ? (
          <Run key={entry.runId} runId={entry.runId} />
        ) : (
          <Message key={entry.messageId} message={entry} threadId={threadId} />
        ),
      )}
    </main>
  );
}

interface MessageProps {
  readonly message: ThreadMessage;
  readonly threadId: string;
}

const Message = memo(function Message({ message, threadId }: MessageProps): ReactNode {
  const { sendMessage, forget } = useSendMessage({ threadId });
  const { messageId, text, status, error } = message;
  return (
    <article className="message" data-testid="message" data-status={status}>
      <p>{text}</p>
      {status === 'sending' && <small>on its way</small>}
      {status === 'failed' && (
        <small role="alert">
          Not sent: {error?.message} {/* The same id: should it have arrived after all, it is not there twice. */}
          <button onClick={() => void sendMessage({ text, messageId })}>Send again</button>
          <button onClick={() => forget(messageId)}>Discard</button>
        </small>
      )}
    </article>
  );
});
