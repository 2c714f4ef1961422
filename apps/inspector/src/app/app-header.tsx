import { useState, type FormEvent } from 'react';
import { isId } from '@ws/types';
import { formatDuration, Icon, IconButton, ThemeToggle } from '@ws/ui';
import type { ServerState } from '../api/server-state.ts';
import './app-header.css';

export interface AppHeaderProps {
  readonly state: ServerState | null;
  readonly user: string | null;
  readonly onUser: (user: string) => void;
  readonly onHome: () => void;
  readonly onLeave: () => void;
}

export function AppHeader({ state, user, onUser, onHome, onLeave }: AppHeaderProps) {
  const [wanted, setWanted] = useState('');
  const open = (event: FormEvent): void => {
    event.preventDefault();
    if (!isId(wanted.trim())) return;
    onUser(wanted.trim());
    setWanted('');
  };
  return (
    <header className="app-header">
      <button
        type="button"
        className="app-header__brand"
        onClick={onHome}
        aria-current={user === null ? 'page' : undefined}
      >
        <span className="app-header__logo" aria-hidden="true">
          <Icon name="pulse" size={17} />
        </span>
        <span className="app-header__name">Inspector</span>
      </button>
      {state !== null && <NodeFacts state={state} />}
      <div className="app-header__tools">
        <form className="user-search" role="search" onSubmit={open}>
          <Icon name="search" size={15} />
          <input
            aria-label="Open the stream of a user"
            placeholder="Open a user’s stream"
            data-testid="user-search"
            autoCapitalize="off"
            autoComplete="off"
            spellCheck={false}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </form>
        <ThemeToggle />
        <IconButton label="Forget the key" data-testid="leave" onClick={onLeave}>
          <Icon name="leave" />
        </IconButton>
      </div>
    </header>
  );
}

function NodeFacts({ state: { mode, draining, log, node } }: { readonly state: ServerState }) {
  const label = draining ? 'draining' : mode;
  const tone = draining || mode === 'emergency' ? 'bad' : mode === 'degraded' ? 'warn' : 'ok';
  return (
    <p className="node-facts">
      <span className="node-facts__mode" data-tone={tone} data-testid="mode">
        {label}
      </span>
      <span title={log.durability}>
        log {log.name}
        {!log.reachable && <strong> away</strong>}
      </span>
      <span>up {formatDuration(node.now - node.started_at)}</span>
      <span>pid {node.pid}</span>
      <span>Node {node.node_version}</span>
    </p>
  );
}
