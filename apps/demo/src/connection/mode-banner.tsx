import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { isConnected } from '../run/run-activity.ts';
import { bannerText } from './banner-text.ts';
import './mode-banner.css';

/** Tells that the server does not work as usual. */
export function ModeBanner() {
  // A server that is not heard of may have another mode by now.
  const mode = usePage(({ connection }) => (isConnected(connection.client) ? connection.mode : null));
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
