import type { CSSProperties } from 'react';
import { formatDuration, formatExact, Icon, IconButton } from '@ws/ui';
import type { NumberedEvent } from '@ws/types';
import type { Schedule } from './schedule.ts';
import type { ReplayControls } from './use-replay.ts';
import './replay-bar.css';

const SPEEDS = [1, 4, 16, 64];

/** How much of the slider is behind the moment. */
function played(share: number): CSSProperties {
  // A custom property, which React's types do not know.
  return { '--played': `${share * 100}%` } as CSSProperties;
}

export interface ReplayBarProps {
  readonly replay: ReplayControls;
  readonly schedule: Schedule;
  readonly events: readonly NumberedEvent[];
  /** How many events have been shown. */
  readonly shown: number;
  readonly skipsPauses: boolean;
  readonly onSkipPauses: (skips: boolean) => void;
}

/** Play, step, speed, and the slider that moves the moment. */
export function ReplayBar({ replay, schedule, events, shown, skipsPauses, onSkipPauses }: ReplayBarProps) {
  const { at, isPlaying, speed, seek, toggle, setSpeed } = replay;
  const { times, length } = schedule;
  const current = events[shown - 1];
  // The event before the one that is shown last, and not one of the same moment.
  const back = (): void => seek(times.findLast((time) => time < (times[shown - 1] ?? 0)) ?? 0);
  const forward = (): void => seek(times[shown] ?? length);
  return (
    <div className="replay-bar">
      <div className="replay-bar__buttons" role="group" aria-label="Replay">
        <IconButton label="To the event before" onClick={back} disabled={shown <= 1}>
          <Icon name="first" />
        </IconButton>
        <button
          type="button"
          className="replay-bar__play"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          data-testid="play"
          data-playing={isPlaying}
          disabled={events.length === 0}
          onClick={toggle}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} size={18} />
        </button>
        <IconButton
          label="To the next event"
          data-testid="next-event"
          onClick={forward}
          disabled={shown >= events.length}
        >
          <Icon name="last" />
        </IconButton>
      </div>
      <input
        className="replay-bar__slider"
        data-testid="scrubber"
        type="range"
        aria-label="Moment of the replay"
        aria-valuetext={`event ${shown} of ${events.length}`}
        min={0}
        max={Math.max(1, length)}
        step="any"
        value={at}
        style={played(length === 0 ? 1 : at / length)}
        onChange={(event) => seek(event.target.valueAsNumber)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
            event.preventDefault();
            if (event.key === 'ArrowLeft') back();
            else forward();
          }
        }}
      />
      <p className="replay-bar__where">
        <strong data-testid="shown">
          {shown} / {events.length}
        </strong>
        <span>{current === undefined ? 'before the first event' : formatExact(current.timestamp)}</span>
        <span className="replay-bar__length">
          {formatDuration(at)} of {formatDuration(length)}
        </span>
      </p>
      <div className="replay-bar__settings">
        <div className="segments" role="radiogroup" aria-label="Speed">
          {SPEEDS.map((choice) => (
            <button
              key={choice}
              type="button"
              role="radio"
              aria-checked={speed === choice}
              data-testid={`speed-${choice}`}
              onClick={() => setSpeed(choice)}
            >
              {choice}×
            </button>
          ))}
        </div>
        <label className="check">
          <input type="checkbox" checked={skipsPauses} onChange={(event) => onSkipPauses(event.target.checked)} />
          Shorten pauses
        </label>
      </div>
    </div>
  );
}
