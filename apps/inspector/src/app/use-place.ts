import { useCallback, useSyncExternalStore } from 'react';

/** What the address says: whose stream is open, if any. */
export interface Place {
  readonly user: string | null;
}

function placeOf(search: string): Place {
  const user = new URLSearchParams(search).get('user');
  return { user: user === '' ? null : user };
}

export function addressOf({ user }: Place): string {
  return user === null ? location.pathname : `${location.pathname}?user=${encodeURIComponent(user)}`;
}

/** The place, and the way to another: the buttons of the browser lead back. */
export function usePlace(): readonly [Place, (place: Place) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const go = useCallback((place: Place) => {
    history.pushState(null, '', addressOf(place));
    dispatchEvent(new PopStateEvent('popstate'));
    scrollTo({ top: 0 });
  }, []);
  return [placeOf(search), go];
}

function subscribe(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}
