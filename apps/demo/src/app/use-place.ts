import { useCallback, useEffect, useState } from 'react';
import { browserStorage } from '@ws/ui';
import { addressOf, threadInAddress, type PagePlace } from '../session/page-address.ts';
import { readUserId } from '../session/user-id.ts';

function readPlace(): PagePlace {
  return { user: readUserId(location.search, browserStorage), thread: threadInAddress(location.search) };
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
