import type { ReactNode } from 'react';
import { formatDuration } from '@ws/ui';
import type { ConnectionFacts } from '../state/connection-facts.ts';
import { usePage } from '../app/session-context.ts';
import { isConnected } from '../run/run-activity.ts';
import { shortenEpoch } from './shorten-epoch.ts';
import './fact-list.css';

export function FactList({ facts }: { readonly facts: ConnectionFacts }) {
  const epoch = usePage((state) => state.audit.epoch);
  const last = usePage((state) => state.audit.last);
  const { roundTripMs, connections } = facts;
  // Of a connection that is gone they were so.
  const { connectionId, mode } = isConnected(facts.client) ? facts : { connectionId: null, mode: null };
  return (
    <dl className="fact-list">
      <Fact name="Position" title={epoch ?? ''}>
        {epoch === null || last === null ? null : `${shortenEpoch(epoch)}:${last}`}
      </Fact>
      <Fact name="Connection" title={connectionId ?? ''}>
        {connectionId}
      </Fact>
      <Fact name="Mode">{mode}</Fact>
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
