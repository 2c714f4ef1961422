import { Icon } from '@ws/ui';
import { Overview } from '../overview/overview.tsx';
import { StreamView } from '../stream/stream-view.tsx';
import { AppHeader } from './app-header.tsx';
import { usePlace } from './use-place.ts';
import { useServerState } from './use-server-state.ts';
import './workspace.css';

export interface WorkspaceProps {
  readonly adminKey: string;
  readonly onLeave: (why: string | null) => void;
}

/** The node, or one user's stream. */
export function Workspace({ adminKey, onLeave }: WorkspaceProps) {
  const [place, go] = usePlace();
  const { state, problem } = useServerState(adminKey, onLeave);
  return (
    <div className="workspace">
      <AppHeader
        state={state}
        user={place.user}
        onUser={(user) => go({ user })}
        onHome={() => go({ user: null })}
        onLeave={() => onLeave(null)}
      />
      {problem !== null && (
        <p className="workspace__problem" role="alert" data-testid="problem">
          <Icon name="warn" size={16} />
          {problem} What is shown is what it said last.
        </p>
      )}
      <main className="workspace__main">
        {place.user === null ? (
          <Overview state={state} onUser={(user) => go({ user })} />
        ) : (
          // Nothing of one user stays for the next.
          <StreamView
            key={place.user}
            adminKey={adminKey}
            userId={place.user}
            state={state}
            onHome={() => go({ user: null })}
          />
        )}
      </main>
    </div>
  );
}
