import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PageSession } from '../session/page-session.ts';
import type { PageState } from '../state/page-store.ts';

export const SessionContext = createContext<PageSession | null>(null);

export function useSession(): PageSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession is called outside of SessionContext');
  return session;
}

/** A part of the page's own state. `select` picks what is there; it must not make anything new. */
export function usePage<Part>(select: (state: PageState) => Part): Part {
  const { store } = useSession();
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}
