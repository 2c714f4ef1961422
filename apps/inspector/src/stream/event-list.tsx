import { useEffect, useRef, useState } from 'react';
import type { JsonObject, NumberedEvent } from '@ws/types';
import { formatExact } from '@ws/ui';
import { kindOf } from './event-kind.ts';
import './event-list.css';

const ROW = 30;
/** Rows drawn above and below what can be seen. */
const SPARE = 12;

export interface EventListProps {
  readonly events: readonly NumberedEvent[];
  /** How many events have been shown; the last of them is the current one. */
  readonly shown: number;
  readonly onPick: (index: number) => void;
}

/** All events, of which those that can be seen are drawn. It follows the replay. */
export function EventList({ events, shown, onPick }: EventListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const current = shown - 1;

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const y = current * ROW;
    const isSeen = y >= element.scrollTop && y + ROW <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = y - element.clientHeight / 2;
  }, [current]);

  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const visible = events.slice(first, first + Math.ceil(height / ROW) + 2 * SPARE);
  return (
    <div
      ref={frame}
      className="event-list"
      role="listbox"
      aria-label="Events"
      tabIndex={0}
      data-testid="event-list"
      aria-activedescendant={current >= 0 ? `event-${current}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={(event) => {
        const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onPick(Math.min(events.length - 1, Math.max(0, current + step)));
      }}
    >
      <div className="event-list__rows" style={{ height: events.length * ROW }}>
        {visible.map((event, index) => (
          <div
            key={event.event_id}
            id={`event-${first + index}`}
            className="event-list__row"
            role="option"
            aria-selected={first + index === current}
            data-testid="event-row"
            data-offset={event.offset}
            data-kind={kindOf(event.type)}
            data-ahead={first + index > current}
            style={{ top: (first + index) * ROW }}
            onClick={() => onPick(first + index)}
          >
            <span className="event-list__offset">{event.offset}</span>
            <time>{formatExact(event.timestamp)}</time>
            <span className="event-list__type">{event.type}</span>
            <span className="event-list__text">{summary(event.payload)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** What says most about a payload in one line. */
function summary(payload: JsonObject): string {
  const { delta, tool_name, status, text, task, agent_name } = payload;
  const first = [delta, tool_name, text, task, status, agent_name].find((value) => typeof value === 'string');
  return (typeof first === 'string' ? first : JSON.stringify(payload)).slice(0, 120);
}
