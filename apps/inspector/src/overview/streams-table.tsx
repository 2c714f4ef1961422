import { formatDuration } from '@ws/ui';
import type { RunState, StreamState } from '../api/server-state.ts';
import { formatNumber } from './format-number.ts';
import { UserLink } from './user-link.tsx';
import './data-table.css';

export interface StreamsTableProps {
  readonly streams: readonly StreamState[];
  readonly total: number;
  readonly now: number;
  readonly onUser: (user: string) => void;
}

/** The streams in memory and the runs that are open in them. */
export function StreamsTable({ streams, total, now, onUser }: StreamsTableProps) {
  return (
    <section aria-labelledby="streams-title" data-testid="streams">
      <div className="data-table__head">
        <h2 id="streams-title">Streams in memory</h2>
        <p>
          {formatNumber(total)} of users who are connected, have a run here, or were here a minute ago
          {streams.length < total && `; the first ${streams.length}, those with runs before the others`}
        </p>
      </div>
      <div className="data-table__frame" tabIndex={0} aria-labelledby="streams-title" role="region">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">User</th>
              <th scope="col">Open runs</th>
              <th scope="col" data-align="end">
                Kept from
              </th>
              <th scope="col" data-align="end">
                Head
              </th>
              <th scope="col" data-align="end">
                Connections
              </th>
              <th scope="col">Epoch</th>
            </tr>
          </thead>
          <tbody>
            {streams.map((stream) => (
              <tr
                key={`${stream.user_id} ${stream.isolated_thread ?? ''}`}
                data-testid="stream-row"
                data-user={stream.user_id}
              >
                <td>
                  <UserLink user={stream.user_id} onUser={onUser} />
                  {stream.isolated_thread !== undefined && <code> thread {stream.isolated_thread}</code>}
                </td>
                <td>
                  {stream.open_runs.map((run) => (
                    <Run key={run.run_id} run={run} now={now} />
                  ))}
                  {stream.open_runs.length === 0 && '–'}
                </td>
                <td data-align="end">{stream.oldest}</td>
                <td data-align="end">{stream.head}</td>
                <td data-align="end">{stream.connections}</td>
                <td>
                  <code title={stream.epoch}>{stream.epoch.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {streams.length === 0 && <p className="data-table__empty">No stream is in the memory of this node.</p>}
      </div>
    </section>
  );
}

function Run({
  run: { agent_name, run_id, started_at, tools, approvals },
  now,
}: {
  readonly run: RunState;
  readonly now: number;
}) {
  return (
    <div title={run_id}>
      <strong>{agent_name}</strong> for {formatDuration(Math.max(0, now - started_at))}
      {tools.length > 0 && `, in ${tools.join(', ')}`}
      {approvals > 0 && `, ${approvals} ${approvals === 1 ? 'approval' : 'approvals'} open`}
    </div>
  );
}
