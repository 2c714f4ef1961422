import { usePage } from '../app/session-context.ts';
import { shortenEpoch } from './shorten-epoch.ts';
import './position-text.css';

/** Where the page stands in the user's stream: `epoch:offset`. A long epoch is shown in part. */
export function PositionText() {
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
