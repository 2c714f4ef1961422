import { memo } from 'react';
import { formatDuration } from '@ws/ui';
import type { RunTrace, TraceSegment } from '../state/run-traces.ts';
import './event-strip.css';

const TONES: { readonly [type: string]: string } = {
  agent_thinking: 'thinking',
  tool_executing: 'tool',
  tool_completed: 'tool',
  tool_approval_requested: 'tool',
  tool_approval_resolved: 'tool',
  agent_response_chunk: 'answer',
};

/** The events a run is made of, one dot for consecutive ones of a type: wider for more, hollow for replay. */
export const EventStrip = memo(function EventStrip({ trace }: { readonly trace: RunTrace }) {
  const { segments, startedAt } = trace;
  if (segments.length === 0) return null;
  const count = segments.reduce((sum, segment) => sum + segment.count, 0);
  const from = segments.find((segment) => segment.from !== null)?.from;
  const to = segments.findLast((segment) => segment.to !== null)?.to;
  const range = from === undefined || to === undefined ? '' : `, offsets ${from} to ${to}`;
  return (
    <footer className="event-strip">
      <div className="event-strip__dots" role="img" aria-label={`${count} events${range}`}>
        {segments.map((segment, index) => (
          <span
            key={index}
            className="event-strip__dot"
            data-tone={TONES[segment.type] ?? 'other'}
            data-replay={segment.replay}
            style={{ flexGrow: Math.min(24, segment.count) - 1 }}
            title={tip(segment, startedAt)}
          />
        ))}
      </div>
      <span className="event-strip__count">
        {count} events
        {from !== undefined && to !== undefined && (
          <span className="event-strip__range">
            {' · '}
            {from}–{to}
          </span>
        )}
      </span>
    </footer>
  );
});

function tip({ type, count, from, to, startedAt, replay }: TraceSegment, runStartedAt: number): string {
  const where =
    from === null || to === null ? 'no offset yet' : from === to ? `offset ${from}` : `offsets ${from}–${to}`;
  const times = count > 1 ? ` × ${count}` : '';
  const after = formatDuration(Math.max(0, startedAt - runStartedAt));
  return `${type}${times}\n${where}\nafter ${after}${replay ? '\nreplayed' : ''}`;
}
