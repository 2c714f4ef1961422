'use client';

import { useConnection, useRun, useSendMessage, useThread, WebSocketProvider } from '@ws/react';
import { useEffect, useState, type ReactNode } from 'react';

const THREAD = 'chat';

interface ChatProps {
  readonly userId: string;
  readonly onSignedOut: () => void;
}

/** No token: the browser sends the session's cookie. The whole conversation comes again with each load of the page. */
export function Chat(props: ChatProps): ReactNode {
  return (
    <WebSocketProvider options={{ url: '/ws', from: 'earliest' }}>
      <Head {...props} />
      <Conversation />
      <Composer />
    </WebSocketProvider>
  );
}

function Head({ userId, onSignedOut }: ChatProps): ReactNode {
  const { status } = useConnection().state;
  // The session has ended, in this tab or another one.
  useEffect(() => {
    if (status === 'closed') onSignedOut();
  }, [status, onSignedOut]);
  return (
    <p>
      <b data-testid="user">{userId}</b>{' '}
      <small data-testid="connection" data-state={status}>
        {status}
      </small>{' '}
      <button data-testid="sign-out" onClick={() => void fetch('/sign-out', { method: 'POST' })}>
        Sign out
      </button>
    </p>
  );
}

function Conversation(): ReactNode {
  const { entries } = useThread(THREAD);
  return entries.map((entry) =>
    entry.kind === 'run' ? (
      <Run key={entry.runId} runId={entry.runId} />
    ) : (
      <p key={entry.messageId} data-testid="message">
        {entry.text}
      </p>
    ),
  );
}

function Run({ runId }: { readonly runId: string }): ReactNode {
  const run = useRun(runId);
  return (
    <p data-testid="run" data-status={run?.status}>
      {run?.response}
      {run?.status === 'interrupted' && ' (interrupted)'}
    </p>
  );
}

function Composer(): ReactNode {
  const { sendMessage } = useSendMessage({ threadId: THREAD });
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void sendMessage(text);
        setText('');
      }}
    >
      <input
        data-testid="message-input"
        aria-label="Message"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button data-testid="send" disabled={text === ''}>
        Send
      </button>
    </form>
  );
}
