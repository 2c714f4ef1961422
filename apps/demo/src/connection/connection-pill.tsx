import { useConnection } from '@ws/react';
import { usePage } from '../app/session-context.ts';
import { shortenEpoch, useStateText } from './describe-state.ts';
import './connection-pill.css';

/** State and position, always in view. On a narrow screen it opens the panel. */
export function ConnectionPill({ onOpen }: { readonly onOpen: (() => void) | null }) {
  const { state } = useConnection();
  const { label, detail, tone } = useStateText();
  const content = (
    <>
      <span className="connection-pill__dot" aria-hidden="true" />
      <span className="connection-pill__label" role="status" data-testid="connection-state" data-state={state.status}>
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

/** Where the page stands in the user's stream: `epoch:offset`. A long epoch is shown in part. */
function PositionText() {
  const epoch = usePage((state) => state.audit.epoch);
  const offset = usePage((state) => state.audit.last);
  if (epoch === null || offset === null) return <span className="position-text">no position yet</span>;
  return (
    <span
      className="position-text"
      data-testid="position"
      data-epoch={epoch}
      data-offset={offset}
      title={`Position ${epoch}:${offset}`}
    >
      <span className="position-text__epoch">{shortenEpoch(epoch)}</span>
      <span>
        :<span className="position-text__offset">{offset}</span>
      </span>
    </span>
  );
}
