import type { ReactNode } from 'react';
import { useConnection } from '@ws/react';
import { Button, formatDuration, Icon } from '@ws/ui';
import { addressOf, type PagePlace } from '../app/place.ts';
import { usePage, useSession } from '../app/session-context.ts';
import { CUT_MS } from '../session/page-session.ts';
import { DeliveryCheck } from './delivery-check.tsx';
import { shortenEpoch, useStateText } from './describe-state.ts';
import './connection-panel.css';

/** All about the connection: its state, its position, the check of its promise, and the button that breaks it. */
export function ConnectionPanel({ place }: { readonly place: PagePlace }) {
  const {
    state: { status },
    reconnect,
  } = useConnection();
  const { label, detail, tone } = useStateText();
  const { cutUntil, problem } = usePage((state) => state.connection);
  const mayConnect = cutUntil === null && (status === 'closed' || status === 'waiting');
  return (
    <section className="connection-panel" aria-label="Connection">
      <div className="connection-panel__state" data-tone={tone}>
        <h2>{label}</h2>
        <p>{detail}</p>
        {problem !== null && status !== 'live' && <p className="connection-panel__problem">{problem}</p>}
        {mayConnect && (
          <Button onClick={reconnect}>
            <Icon name="retry" size={15} />
            Connect now
          </Button>
        )}
      </div>
      <CutButton />
      <FactList />
      <DeliveryCheck />
      <a className="button" href={addressOf(place)} target="_blank" rel="noopener" data-testid="second-tab">
        <Icon name="external" size={15} />
        Open a second tab
      </a>
      <p className="connection-panel__hint">
        It shows the same, from the same stream. Another user sees nothing of it.
      </p>
    </section>
  );
}

/** Takes the network away for a few seconds. A run at the server is not affected. */
function CutButton() {
  const session = useSession();
  const isCut = usePage((state) => state.connection.cutUntil !== null);
  const { isConnected } = useConnection();
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

function FactList() {
  const epoch = usePage((state) => state.audit.epoch);
  const last = usePage((state) => state.audit.last);
  const { connectionId, roundTripMs, connections } = usePage((state) => state.connection);
  // Of a connection that is gone they were so: what is shown is of one that is there.
  const { isConnected, mode } = useConnection();
  return (
    <dl className="fact-list">
      <Fact name="Position" title={epoch ?? ''}>
        {epoch === null || last === null ? null : `${shortenEpoch(epoch)}:${last}`}
      </Fact>
      <Fact name="Connection" title={isConnected ? (connectionId ?? '') : ''}>
        {isConnected ? connectionId : null}
      </Fact>
      <Fact name="Mode">{isConnected ? mode : null}</Fact>
      <Fact name="Round trip">{roundTripMs === null ? null : roundTrip(roundTripMs)}</Fact>
      <Fact name="Reconnects">{Math.max(0, connections - 1)}</Fact>
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  /** All of it, where only a part is shown. */
  readonly title?: string;
  readonly children: ReactNode;
}

function Fact({ name, title, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>{children ?? '–'}</dd>
    </div>
  );
}

function roundTrip(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : formatDuration(ms);
}
