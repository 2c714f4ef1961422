import { useLayoutEffect, useRef, useState } from 'react';
import { Icon, IconButton } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { LOG_ROWS } from '../state/event-log.ts';
import { EventLogRow } from './event-log-row.tsx';
import './event-log-drawer.css';

/** The raw events, as they came. Follows the newest until it is paused or scrolled away from. */
export function EventLogDrawer({ onClose }: { readonly onClose: () => void }) {
  const live = usePage((state) => state.log);
  const { value: rows, isPaused, toggle } = usePausable(live);
  const [filter, setFilter] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const wanted = filter.trim().toLowerCase();
  const shown = rows.filter((row) => row.kind === 'mark' || row.event.type.includes(wanted));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && follows.current && !isPaused) element.scrollTop = element.scrollHeight;
  }, [rows, isPaused, wanted]);

  return (
    <section className="event-log" id="event-log" aria-label="Event log">
      <header className="event-log__bar">
        <h2>Event log</h2>
        <span className="event-log__count">
          {isPaused ? `paused, ${behind(live, rows)} new` : `last ${Math.min(LOG_ROWS, rows.length)}`}
        </span>
        <input
          type="search"
          value={filter}
          placeholder="Filter by type"
          aria-label="Filter by type"
          onChange={(event) => setFilter(event.target.value)}
        />
        <IconButton
          label={isPaused ? 'Follow again' : 'Pause'}
          aria-pressed={isPaused}
          data-testid="event-log-pause"
          onClick={toggle}
        >
          <Icon name={isPaused ? 'play' : 'pause'} size={16} />
        </IconButton>
        <IconButton label="Close the event log" onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </header>
      <div
        className="event-log__scroll"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Events"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Offset</th>
              <th scope="col">Type</th>
              <th scope="col">Run</th>
              <th scope="col">Time</th>
              <th scope="col">How</th>
              <th scope="col">Payload</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <EventLogRow key={row.seq} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function behind(live: readonly { readonly seq: number }[], shown: readonly { readonly seq: number }[]): number {
  return (live.at(-1)?.seq ?? 0) - (shown.at(-1)?.seq ?? 0);
}

interface Pausable<Value> {
  readonly value: Value;
  readonly isPaused: boolean;
  readonly toggle: () => void;
}

/** A value that can be held as it is while the real one goes on. */
function usePausable<Value>(live: Value): Pausable<Value> {
  const [held, setHeld] = useState<{ readonly value: Value } | null>(null);
  return {
    value: held === null ? live : held.value,
    isPaused: held !== null,
    toggle: () => setHeld(held === null ? { value: live } : null),
  };
}
