import { Button, Icon, useNow } from '@ws/ui';
import { usePage, useSession } from '../app/session-context.ts';
import { addressOf, type PagePlace } from '../session/page-address.ts';
import { CutButton } from './cut-button.tsx';
import { DeliveryCheck } from './delivery-check.tsx';
import { describeState } from './describe-state.ts';
import { FactList } from './fact-list.tsx';
import './connection-panel.css';

/** All about the connection: its state, its position, the check of its promise, and the button that breaks it. */
export function ConnectionPanel({ place }: { readonly place: PagePlace }) {
  const session = useSession();
  const facts = usePage((state) => state.connection);
  const { status } = facts.client;
  const now = useNow(status === 'waiting' ? 250 : null);
  const { label, detail, tone } = describeState(facts, now);
  const mayConnect = facts.cutUntil === null && (status === 'closed' || status === 'waiting');
  return (
    <section className="connection-panel" aria-label="Connection">
      <div className="connection-panel__state" data-tone={tone}>
        <h2>{label}</h2>
        <p>{detail}</p>
        {facts.problem !== null && status !== 'live' && <p className="connection-panel__problem">{facts.problem}</p>}
        {mayConnect && (
          <Button onClick={() => session.connect()}>
            <Icon name="retry" size={15} />
            Connect now
          </Button>
        )}
      </div>
      <CutButton />
      <FactList facts={facts} />
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
