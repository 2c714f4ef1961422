import { useCallback, useState } from 'react';
import { randomId } from '../session/random-id.ts';
import type { PagePlace } from '../session/page-address.ts';
import { latestThread } from '../threads/thread-order.ts';
import { usePage } from './session-context.ts';

export interface ConversationChoice {
  readonly threadId: string;
  readonly choose: (threadId: string) => void;
  readonly startNew: () => void;
}

/** The conversation that is shown: the one in the address, else the latest, else a new one. */
export function useConversation(place: PagePlace, go: (place: PagePlace) => void): ConversationChoice {
  const threads = usePage((state) => state.conversation.threads);
  const [fresh, setFresh] = useState(newThreadId);
  const threadId = place.thread ?? latestThread(threads)?.id ?? fresh;
  const { user } = place;
  const choose = useCallback((thread: string) => go({ user, thread }), [go, user]);
  const startNew = useCallback(() => {
    const id = newThreadId();
    setFresh(id);
    go({ user, thread: id });
  }, [go, user]);
  return { threadId, choose, startNew };
}

function newThreadId(): string {
  return `thread-${randomId(10)}`;
}
