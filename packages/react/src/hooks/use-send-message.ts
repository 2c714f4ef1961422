import type { OutgoingMessage, SentMessage } from '@ws/client';
import type { WebSocketError } from '@ws/types';
import { useCallback } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import { useRequest } from './use-request.ts';

/** What {@link useSendMessage} answers. */
export interface SendMessage {
  /**
   * Sends a message, once in effect however often the connection breaks. Answers `undefined` where it failed, and never rejects: see
   * `error`. With the `messageId` of one that failed it is that message again, and arrives once.
   */
  readonly sendMessage: (message: string | OutgoingMessage) => Promise<SentMessage | undefined>;
  /** A message of this component waits for its answer. */
  readonly isPending: boolean;
  /** Why the newest message was given up; `null` again when the next one is sent. */
  readonly error: WebSocketError | null;
  /** Forgets the error. */
  readonly reset: () => void;
  /** Takes a message that failed out of its thread. */
  readonly forget: (messageId: string) => void;
}

/**
 * Sends messages of the user to the agents. They are in `useThread` from the moment they are sent.
 *
 * @param defaults Where messages go that do not say it themselves.
 *
 * @example
 * ```tsx
 * const { sendMessage, isPending, error } = useSendMessage({ threadId });
 * <button disabled={isPending} onClick={() => sendMessage(text)}>Send</button>
 * ```
 */
export function useSendMessage({ threadId }: { readonly threadId?: string | undefined } = {}): SendMessage {
  const handle = useHandle();
  const { state, ask, reset } = useRequest('message');
  const sendMessage = useCallback(
    async (message: string | OutgoingMessage) => {
      const given = typeof message === 'string' ? { text: message } : message;
      const outgoing = threadId === undefined ? given : { threadId, ...given };
      return ask(() => handle.store.send(outgoing));
    },
    [handle, threadId, ask],
  );
  const forget = useCallback((messageId: string) => handle.store.forget(messageId), [handle]);
  return { sendMessage, isPending: state.isWaiting, error: state.error, reset, forget };
}
