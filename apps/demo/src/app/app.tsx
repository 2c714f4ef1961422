import { SessionContext } from './session-context.ts';
import { useAgentInfo } from './use-agent-info.ts';
import { usePageSession } from './use-page-session.ts';
import { usePlace } from './use-place.ts';
import { Workspace } from './workspace.tsx';

export function App() {
  const [place, go] = usePlace();
  const agent = useAgentInfo();
  const session = usePageSession(place.user);
  if (session === null) return null;
  return (
    <SessionContext value={session}>
      {/* Nothing of one user stays for the next. */}
      <Workspace key={session.userId} place={place} go={go} agent={agent} />
    </SessionContext>
  );
}
