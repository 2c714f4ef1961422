import { useNow } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { describeState } from './describe-state.ts';
import { PositionText } from './position-text.tsx';
import './connection-pill.css';

/** State and position, always in view. On a narrow screen it opens the panel. */
export function ConnectionPill({ onOpen }: { readonly onOpen: (() => void) | null }) {
  const facts = usePage((state) => state.connection);
  const now = useNow(facts.client.status === 'waiting' ? 500 : null);
  const { label, detail, tone } = describeState(facts, now);
  const content = (
    <>
      <span className="connection-pill__dot" aria-hidden="true" />
      <span
        className="connection-pill__label"
        role="status"
        data-testid="connection-state"
        data-state={facts.client.status}
      >
        {label}
      </span>
      <PositionText />
    </>
  );
  if (onOpen === null) {
    return (
      <div className="connection-pill" data-tone={tone} title={detail}>
        {content}
      </div>
    );
  }
  return (
    <button type="button" className="connection-pill" data-tone={tone} title={`${detail} Show more.`} onClick={onOpen}>
      {content}
    </button>
  );
}
