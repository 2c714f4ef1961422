import { memo, useMemo, type PointerEvent } from 'react';
import type { NumberedEvent } from '@ws/types';
import { EVENT_KINDS, kindOf, type EventKind } from './event-kind.ts';
import type { Schedule } from './schedule.ts';
import './timeline.css';

const COLUMNS = 240;
const LANE = 18;
const GAP = 3;
const HEIGHT = EVENT_KINDS.length * (LANE + GAP) - GAP;

export interface TimelineProps {
  readonly events: readonly NumberedEvent[];
  readonly schedule: Schedule;
  readonly at: number;
  readonly onSeek: (at: number) => void;
}

/** When what happened: a lane for each kind of event. The slider above it moves the moment that is shown. */
export function Timeline({ events, schedule, at, onSeek }: TimelineProps) {
  const share = schedule.length === 0 ? 1 : at / schedule.length;
  const seek = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onSeek(Math.min(1, Math.max(0, (event.clientX - left) / width)) * schedule.length);
  };
  return (
    <div className="timeline">
      <ul className="timeline__labels" aria-hidden="true">
        {EVENT_KINDS.map(({ kind, label }) => (
          <li key={kind} data-kind={kind}>
            {label}
          </li>
        ))}
      </ul>
      <div
        className="timeline__plot"
        data-testid="timeline"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={seek}
      >
        <Lanes events={events} schedule={schedule} />
        <span className="timeline__played" style={{ width: `${share * 100}%` }} />
        <span className="timeline__head" style={{ left: `${share * 100}%` }} />
      </div>
    </div>
  );
}

const Lanes = memo(function Lanes({ events, schedule }: Pick<TimelineProps, 'events' | 'schedule'>) {
  const counts = useMemo(() => countByColumn(events, schedule), [events, schedule]);
  const most = Math.max(1, ...[...counts.values()].flat());
  return (
    <svg
      viewBox={`0 0 ${COLUMNS} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${events.length} events`}
    >
      {EVENT_KINDS.map(({ kind }, lane) => (
        <g key={kind} data-kind={kind} transform={`translate(0 ${lane * (LANE + GAP)})`}>
          <rect className="timeline__lane" width={COLUMNS} height={LANE} />
          {(counts.get(kind) ?? []).map((count, column) => {
            if (count === 0) return null;
            // Many deltas in a moment stand high, one event can still be seen.
            const height = LANE * (0.35 + 0.65 * Math.sqrt(count / most));
            return (
              <rect
                key={column}
                className="timeline__bar"
                x={column}
                y={(LANE - height) / 2}
                width={1}
                height={height}
              />
            );
          })}
        </g>
      ))}
    </svg>
  );
});

function countByColumn(
  events: readonly NumberedEvent[],
  { times, length }: Schedule,
): ReadonlyMap<EventKind, number[]> {
  const counts = new Map(EVENT_KINDS.map(({ kind }) => [kind, Array.from({ length: COLUMNS }, () => 0)] as const));
  events.forEach(({ type }, index) => {
    const share = length === 0 ? 1 : (times[index] ?? 0) / length;
    const lane = counts.get(kindOf(type));
    const column = Math.min(COLUMNS - 1, Math.floor(share * COLUMNS));
    if (lane !== undefined) lane[column] = (lane[column] ?? 0) + 1;
  });
  return counts;
}
