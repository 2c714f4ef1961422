import { formatDuration } from '@ws/ui';
import type { ConnectionState, Totals } from '../api/server-state.ts';
import { formatBytes, formatNumber } from './format-number.ts';
import { UserLink } from './user-link.tsx';
import './data-table.css';

export interface ConnectionsTableProps {
  readonly connections: readonly ConnectionState[];
  readonly totals: Totals;
  readonly now: number;
  readonly onUser: (user: string) => void;
}

/** Who is connected, those that are behind first. */
export function ConnectionsTable({ connections, totals, now, onUser }: ConnectionsTableProps) {
  const { live, catching_up, lagging } = totals.connections;
  const all = live + catching_up + lagging;
  return (
    <section aria-labelledby="connections-title" data-testid="connections">
      <div className="data-table__head">
        <h2 id="connections-title">Connections</h2>
        <p>
          {formatNumber(live)} live, {formatNumber(catching_up)} catching up, {formatNumber(lagging)} lagging
          {connections.length < all && `; the first ${connections.length}, those that are behind before the others`}
        </p>
      </div>
      <div className="data-table__frame" tabIndex={0} aria-labelledby="connections-title" role="region">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">User</th>
              <th scope="col">State</th>
              <th scope="col" data-align="end">
                Sent to
              </th>
              <th scope="col" data-align="end">
                Acknowledged
              </th>
              <th scope="col" data-align="end">
                Behind
              </th>
              <th scope="col" data-align="end">
                Buffered
              </th>
              <th scope="col">Threads</th>
              <th scope="col" data-align="end">
                Open for
              </th>
              <th scope="col">Connection</th>
            </tr>
          </thead>
          <tbody>
            {connections.map((connection) => (
              <Row key={connection.id} connection={connection} now={now} onUser={onUser} />
            ))}
          </tbody>
        </table>
        {connections.length === 0 && <p className="data-table__empty">Nobody is connected to this node.</p>}
      </div>
    </section>
  );
}

interface RowProps {
  readonly connection: ConnectionState;
  readonly now: number;
  readonly onUser: (user: string) => void;
}

function Row({ connection, now, onUser }: RowProps) {
  const { id, user_id, state, sent_offset, acked_offset, behind, buffered_bytes, threads, connected_at } = connection;
  return (
    <tr data-testid="connection-row" data-user={user_id} data-state={state}>
      <td>
        <UserLink user={user_id} onUser={onUser} />
      </td>
      <td>
        <span className="state-badge" data-state={state}>
          {state.replace('_', ' ')}
        </span>
      </td>
      <td data-align="end">{sent_offset}</td>
      <td data-align="end">{acked_offset}</td>
      <td data-align="end">{behind}</td>
      <td data-align="end">{formatBytes(buffered_bytes)}</td>
      <td>{threads === null ? 'all' : threads.join(', ')}</td>
      <td data-align="end">{formatDuration(Math.max(0, now - connected_at))}</td>
      <td>
        <code title={id}>{id.slice(-10)}</code>
      </td>
    </tr>
  );
}
