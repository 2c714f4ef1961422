import { useCallback, useEffect, useState } from 'react';
import { isUserId } from '@ws/types';
import { browserStorage } from '@ws/ui';
import { latestFirst } from '../state/conversations.ts';
import { usePage } from './session-context.ts';

/** What the address of the page says: who looks, and at which conversation. */
export interface PagePlace {
  readonly user: string;
  readonly thread: string | null;
}

/** The address that shows the same in another tab. */
export function addressOf({ user, thread }: PagePlace): string {
  const query = new URLSearchParams({ user });
  if (thread !== null) query.set('thread', thread);
  return `?${query}`;
}

/** Who looks at which conversation, as the address of the page says it. */
export function usePlace(): readonly [PagePlace, (place: PagePlace) => void] {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const read = (): void => setPlace(readPlace());
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const go = useCallback((next: PagePlace) => {
    history.pushState(null, '', addressOf(next));
    setPlace(next);
  }, []);
  return [place, go];
}

export interface ConversationChoice {
  readonly threadId: string;
  readonly choose: (threadId: string) => void;
  readonly startNew: () => void;
}

/** The conversation that is shown: the one in the address, else the latest, else a new one. */
export function useConversation(place: PagePlace, go: (place: PagePlace) => void): ConversationChoice {
  const latest = usePage((state) => latestFirst(state.conversations.threads)[0]?.threadId);
  const [fresh, setFresh] = useState(newThreadId);
  const threadId = place.thread ?? latest ?? fresh;
  const { user } = place;
  const choose = useCallback((thread: string) => go({ user, thread }), [go, user]);
  const startNew = useCallback(() => {
    const id = newThreadId();
    setFresh(id);
    go({ user, thread: id });
  }, [go, user]);
  return { threadId, choose, startNew };
}

/** Known before its first message is sent, so that the address can name it. */
export function newThreadId(): string {
  return `thread-${randomId(10)}`;
}

const USER_KEY = 'demo:user';

/** The user of this page: named in the address, else a guest that this browser remembers. */
export function readUserId(search: string, storage: Pick<Storage, 'getItem' | 'setItem'>): string {
  const named = new URLSearchParams(search).get('user');
  if (isUserId(named)) return named;
  const remembered = storage.getItem(USER_KEY);
  if (isUserId(remembered)) return remembered;
  const guest = `guest-${randomId(4)}`;
  storage.setItem(USER_KEY, guest);
  return guest;
}

function readPlace(): PagePlace {
  const { search } = location;
  return { user: readUserId(search, browserStorage), thread: new URLSearchParams(search).get('thread') };
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A random id of so many letters. Works on pages without TLS too, where `crypto.randomUUID` is missing. */
function randomId(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
