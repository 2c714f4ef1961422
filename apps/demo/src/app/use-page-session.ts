import { useEffect, useState } from 'react';
import { PageSession } from '../session/page-session.ts';

/** The session of a user: a new one for another user, closed when nobody looks any more. */
export function usePageSession(userId: string): PageSession | null {
  const [session, setSession] = useState<PageSession | null>(null);
  useEffect(() => {
    const opened = new PageSession(userId);
    opened.start();
    setSession(opened);
    return () => opened.close();
  }, [userId]);
  return session?.userId === userId ? session : null;
}
