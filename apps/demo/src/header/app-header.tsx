import { Icon, IconButton, ThemeToggle } from '@ws/ui';
import { ConnectionPill } from '../connection/connection-pill.tsx';
import type { AgentInfo } from '../session/agent-info.ts';
import { UserChip } from './user-chip.tsx';
import './app-header.css';

export interface AppHeaderProps {
  readonly agent: AgentInfo;
  readonly userId: string;
  readonly onUser: (userId: string) => void;
  /** Where the list of conversations or the panel does not fit, what opens it. */
  readonly onOpenThreads: (() => void) | null;
  readonly onOpenPanel: (() => void) | null;
  readonly isLogOpen: boolean;
  readonly onToggleLog: () => void;
}

export function AppHeader(props: AppHeaderProps) {
  const { agent, userId, onUser, onOpenThreads, onOpenPanel, isLogOpen, onToggleLog } = props;
  return (
    <header className="app-header">
      {onOpenThreads !== null && (
        <IconButton label="Conversations" data-testid="open-threads" onClick={onOpenThreads}>
          <Icon name="menu" />
        </IconButton>
      )}
      <div className="app-header__brand">
        <span className="app-header__logo" aria-hidden="true">
          <Icon name="pulse" size={17} />
        </span>
        <h1>{agent.name}</h1>
        {agent.kind !== null && <span className="app-header__kind">{agent.kind}</span>}
      </div>
      <div className="app-header__tools">
        <ConnectionPill onOpen={onOpenPanel} />
        <IconButton
          label="Event log"
          aria-expanded={isLogOpen}
          aria-controls="event-log"
          data-testid="event-log-toggle"
          onClick={onToggleLog}
        >
          <Icon name="list" />
        </IconButton>
        <ThemeToggle />
        <UserChip userId={userId} onChange={onUser} />
      </div>
    </header>
  );
}
