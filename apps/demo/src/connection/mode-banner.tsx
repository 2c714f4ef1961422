import type { WebSocketManagerMode } from '@ws/types';
import { useConnection } from '@ws/react';
import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import './mode-banner.css';

/** Tells that the server does not work as usual. */
export function ModeBanner() {
  const { isConnected, mode: known } = useConnection();
  // A server that is not heard of may have another mode by now.
  const mode = isConnected ? known : null;
  const reason = usePage((state) => state.connection.modeReason);
  const drainingMs = usePage((state) => state.connection.drainingMs);
  const text = bannerText(mode, drainingMs);
  return (
    <div role="status" className="mode-banner" data-testid="mode-banner" data-mode={mode} hidden={text === null}>
      <Icon name="warn" size={16} />
      <p>
        {text}
        {text !== null && drainingMs === null && reason !== '' && <span> ({reason})</span>}
      </p>
    </div>
  );
}

/** What to tell the user of the server's mode; `null` if there is nothing to tell. */
function bannerText(mode: WebSocketManagerMode | null, drainingMs: number | null): string | null {
  if (drainingMs !== null) return 'The server restarts. The page moves over by itself and goes on where it was.';
  switch (mode) {
    case 'degraded':
      return 'The event log can’t be reached. You see events as they happen; they get their place in the log when it is back.';
    case 'emergency':
      return 'The server is under heavy load. Text arrives in larger pieces, and every step still gets through.';
    case 'unified':
    case 'isolated':
    case null:
      return null;
  }
}
