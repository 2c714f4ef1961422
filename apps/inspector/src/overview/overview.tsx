import { Spinner } from '@ws/ui';
import type { Sample, ServerState } from '../api/server-state.ts';
import { ConnectionsTable } from './connections-table.tsx';
import { formatBytes, formatMs, formatNumber, formatPerSecond } from './format-number.ts';
import { MetricTile } from './metric-tile.tsx';
import { levels, rates } from './series.ts';
import { StreamsTable } from './streams-table.tsx';
import './overview.css';

export interface OverviewProps {
  readonly state: ServerState | null;
  readonly onUser: (user: string) => void;
}

/** From here on the event loop is worth a look; over half a second load is shed. */
const LAG_WARN_MS = 100;

/** What the node holds, and how it got there. */
export function Overview({ state, onUser }: OverviewProps) {
  if (state === null) {
    return (
      <p className="overview__wait">
        <Spinner size={18} /> Asking the node …
      </p>
    );
  }
  return (
    <div className="overview">
      <Tiles samples={state.samples} />
      <ConnectionsTable connections={state.connections} totals={state.totals} now={state.node.now} onUser={onUser} />
      <StreamsTable streams={state.streams} total={state.totals.streams} now={state.node.now} onUser={onUser} />
    </div>
  );
}

function Tiles({ samples }: { readonly samples: readonly Sample[] }) {
  const now = samples.at(-1);
  const isLagging = (now?.event_loop_lag_ms ?? 0) > LAG_WARN_MS;
  return (
    <section className="tiles" aria-label="The last quarter of an hour">
      <MetricTile
        name="connections"
        label="Connections"
        points={levels(samples, 'connections')}
        format={formatNumber}
      />
      <MetricTile name="users" label="Users" points={levels(samples, 'users')} format={formatNumber} />
      <MetricTile name="runs" label="Open runs" points={levels(samples, 'open_runs')} format={formatNumber} />
      <MetricTile name="appended" label="Events in" points={rates(samples, 'appended')} format={formatPerSecond} />
      <MetricTile name="delivered" label="Frames out" points={rates(samples, 'delivered')} format={formatPerSecond} />
      <MetricTile
        name="behind"
        label="Farthest behind, events"
        points={levels(samples, 'max_behind')}
        format={formatNumber}
      />
      <MetricTile
        name="lag"
        label="Event-loop lag, p99"
        points={levels(samples, 'event_loop_lag_ms')}
        format={formatMs}
        tone={isLagging ? 'warn' : 'calm'}
      />
      <MetricTile name="memory" label="Memory" points={levels(samples, 'rss_bytes')} format={formatBytes} />
    </section>
  );
}
