import { Icon } from '@ws/ui';
import { usePage, useSession } from '../app/session-context.ts';
import { CUT_MS } from '../session/page-session.ts';
import './cut-button.css';

/** Takes the network away for a few seconds. A run at the server is not affected. */
export function CutButton() {
  const session = useSession();
  const isCut = usePage((state) => state.connection.cutUntil !== null);
  const isConnected = usePage((state) => ['live', 'catching_up', 'lagging'].includes(state.connection.client.status));
  return (
    <button
      type="button"
      className="cut-button"
      data-testid="cut-button"
      data-cut={isCut}
      disabled={isCut || !isConnected}
      onClick={() => session.cut()}
    >
      <Icon name="unplug" size={17} />
      {isCut ? 'Network is away' : `Cut connection for ${CUT_MS / 1_000} s`}
      {isCut && <span className="cut-button__left" style={{ animationDuration: `${CUT_MS}ms` }} />}
    </button>
  );
}
