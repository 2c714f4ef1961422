import { useEffect, useState } from 'react';
import { WebSocketProvider } from '@ws/react';
import { useAgentInfo } from '../session/agent-info.ts';
import { PageSession } from '../session/page-session.ts';
import { usePlace } from './place.ts';
import { SessionContext } from './session-context.ts';
import { Workspace } from './workspace.tsx';

export function App() {
  const [place, go] = usePlace();
  const agent = useAgentInfo();
  const session = usePageSession(place.user);
  if (session === null) return null;
  return (
    <WebSocketProvider client={session.client}>
      <SessionContext value={session}>
        {/* Nothing of one user stays for the next. */}
        <Workspace key={session.userId} place={place} go={go} agent={agent} />
      </SessionContext>
    </WebSocketProvider>
  );
}

/** The session of a user: a new one for another user, closed when its page is gone. */
function usePageSession(userId: string): PageSession | null {
  const [session, setSession] = useState<PageSession | null>(null);
  useEffect(() => {
    const opened = new PageSession(userId);
    setSession(opened);
    return () => opened.close();
  }, [userId]);
  const current = session?.userId === userId ? session : null;
  // Effects of the provider come before this one: it follows the client before the first event is there.
  useEffect(() => current?.start(), [current]);
  return current;
}
