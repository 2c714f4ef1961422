import type { ReactNode } from 'react';
import type { ConnectionFacts } from '../state/connection-facts.ts';
import { usePage } from '../app/session-context.ts';
import { formatDuration } from '../ui/format-duration.ts';
import './fact-list.css';

export function FactList({ facts }: { readonly facts: ConnectionFacts }) {
  const epoch = usePage((state) => state.audit.epoch);
  const last = usePage((state) => state.audit.last);
  const { connectionId, mode, roundTripMs, connections } = facts;
  return (
    <dl className="fact-list">
      <Fact name="Position">{epoch === null || last === null ? null : `${epoch}:${last}`}</Fact>
      <Fact name="Connection">{connectionId}</Fact>
      <Fact name="Mode">{mode}</Fact>
      <Fact name="Round trip">{roundTripMs === null ? null : roundTrip(roundTripMs)}</Fact>
      <Fact name="Reconnects">{Math.max(0, connections - 1)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={typeof children === 'string' ? children : undefined}>{children ?? '–'}</dd>
    </div>
  );
}

function roundTrip(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : formatDuration(ms);
}
