import { useConnection, useSendMessage } from '@ws/react';
import { useState, type ReactNode } from 'react';

export function Composer({ threadId }: { readonly threadId: string }): ReactNode {
  const { state } = useConnection();
  const { sendMessage } = useSendMessage({ threadId });
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // Its state is shown with the message itself.
        void sendMessage(text.trim());
        setText('');
      }}
    >
      <input
        aria-label="Message"
        data-testid="message-input"
        placeholder="Where is the manager factory defined?"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {/* While the connection is away a message waits for it: no reason to keep the user from writing. */}
      <button data-testid="send" disabled={text.trim() === '' || state.status === 'closed'}>
        Send
      </button>
    </form>
  );
}
