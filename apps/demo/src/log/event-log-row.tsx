import { memo } from 'react';
import { formatExact } from '@ws/ui';
import type { LogRow } from '../state/event-log.ts';

const PREVIEW = 160;

export const EventLogRow = memo(function EventLogRow({ row }: { readonly row: LogRow }) {
  if (row.kind === 'mark') {
    return (
      <tr className="event-log__mark">
        <td colSpan={6}>
          {formatExact(row.at)} {row.text}
        </td>
      </tr>
    );
  }
  const { event, replay, copy } = row;
  return (
    <tr
      data-testid="event-row"
      data-type={event.type}
      data-offset={event.offset}
      data-replay={replay}
      data-run-id={event.run_id}
    >
      <td className="event-log__offset">{event.offset ?? '·'}</td>
      <td>
        <span className="event-log__type" data-type={event.type}>
          {event.type}
        </span>
      </td>
      <td className="event-log__run" title={event.run_id}>
        {event.run_id ?? ''}
      </td>
      <td>{formatExact(event.timestamp)}</td>
      <td>
        <span className="event-log__how" data-how={howOf(row)}>
          {howOf(row)}
        </span>
        {event.offset !== undefined && event.merged !== undefined && (
          <span className="event-log__how" data-how="merged">
            merged {event.merged}
          </span>
        )}
        {copy && <span className="event-log__how">numbered copy</span>}
      </td>
      <td className="event-log__payload">{JSON.stringify(event.payload).slice(0, PREVIEW)}</td>
    </tr>
  );
});

function howOf({ event, replay }: Extract<LogRow, { kind: 'event' }>): 'volatile' | 'replay' | 'live' {
  if (event.offset === undefined) return 'volatile';
  return replay ? 'replay' : 'live';
}
