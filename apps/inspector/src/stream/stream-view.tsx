import { useCallback, useEffect, useMemo, useState } from 'react';
import { Button, Icon, JsonView, Spinner } from '@ws/ui';
import type { JsonValue } from '@ws/types';
import type { ServerState } from '../api/server-state.ts';
import { EventList } from './event-list.tsx';
import { saveJsonLines } from './export-lines.ts';
import { ReplayBar } from './replay-bar.tsx';
import { ReplayStates } from './replay-states.ts';
import { RunPanel } from './run-panel.tsx';
import { scheduleOf, shownAt } from './schedule.ts';
import { Timeline } from './timeline.tsx';
import { useHistory } from './use-history.ts';
import { useReplay } from './use-replay.ts';
import './stream-view.css';

export interface StreamViewProps {
  readonly adminKey: string;
  readonly userId: string;
  readonly state: ServerState | null;
  readonly onHome: () => void;
}

const NONE: readonly never[] = [];
/** Runs shown at once, the newest of them. */
const MAX_RUNS = 6;

/** One user's stream: what is kept of it, played as it happened. */
export function StreamView({ adminKey, userId, state, onHome }: StreamViewProps) {
  const [follows, setFollows] = useState(true);
  const [skipsPauses, setSkipsPauses] = useState(true);
  const { history, problem } = useHistory(adminKey, userId, follows);
  const events = history?.events ?? NONE;
  const schedule = useMemo(() => scheduleOf(events, skipsPauses), [events, skipsPauses]);
  const states = useMemo(() => new ReplayStates(events), [events]);
  const replay = useReplay(schedule);
  const shown = shownAt(schedule, replay.at);
  const runs = useMemo(() => [...states.after(shown).values()].map(({ view }) => view), [states, shown]);
  const current = events[shown - 1];
  const { seek, toggle } = replay;
  const pick = useCallback((index: number) => seek(schedule.times[index] ?? 0), [schedule, seek]);
  usePlayKey(toggle);

  const connections = state?.connections.filter(({ user_id }) => user_id === userId).length ?? 0;
  return (
    <div className="stream-view">
      <div className="stream-view__head">
        <Button onClick={onHome} data-testid="home">
          <Icon name="back" size={15} />
          Node
        </Button>
        <h1 data-testid="stream-user">{userId}</h1>
        <p>
          {history === null ? 'loading …' : `${events.length} ${events.length === 1 ? 'event' : 'events'} kept`}
          {`, ${connections} ${connections === 1 ? 'connection' : 'connections'} here`}
          {history !== null && (
            <>
              {', epoch '}
              <code title={history.epoch}>{history.epoch.slice(0, 12)}</code>
            </>
          )}
        </p>
        <div className="stream-view__tools">
          <label className="check">
            <input
              type="checkbox"
              data-testid="follow"
              checked={follows}
              onChange={(event) => setFollows(event.target.checked)}
            />
            Follow
          </label>
          <Button
            data-testid="export"
            disabled={events.length === 0}
            onClick={() => history !== null && saveJsonLines(userId, history)}
          >
            <Icon name="save" size={15} />
            JSON Lines
          </Button>
        </div>
      </div>
      {problem !== null && (
        <p className="stream-view__problem" role="alert" data-testid="stream-problem">
          {problem}
        </p>
      )}
      {history === null && problem === null && (
        <p className="stream-view__wait">
          <Spinner size={18} /> Reading the stream …
        </p>
      )}
      {history !== null && events.length === 0 && (
        <p className="stream-view__wait" data-testid="empty">
          Nothing is kept of this user. What is published from now on appears here.
        </p>
      )}
      {events.length > 0 && (
        <>
          <section className="stream-view__replay" aria-label="Replay">
            <ReplayBar
              replay={replay}
              schedule={schedule}
              events={events}
              shown={shown}
              skipsPauses={skipsPauses}
              onSkipPauses={setSkipsPauses}
            />
            <Timeline events={events} schedule={schedule} at={replay.at} onSeek={seek} />
          </section>
          <div className="stream-view__columns">
            <section className="stream-view__events" aria-label="Events of the stream">
              <EventList events={events} shown={shown} onPick={pick} />
            </section>
            <section className="stream-view__moment" aria-label="At this moment" aria-live="off">
              {runs.length > MAX_RUNS && <p className="stream-view__more">{runs.length - MAX_RUNS} earlier runs</p>}
              {runs.slice(-MAX_RUNS).map((run) => (
                <RunPanel key={run.run_id} run={run} />
              ))}
              {current !== undefined && (
                <JsonView
                  label={`Event ${current.offset}`}
                  // It came as JSON.
                  value={current as unknown as JsonValue}
                />
              )}
            </section>
          </div>
        </>
      )}
    </div>
  );
}

/** The space bar plays and pauses, unless it is meant for what has the focus. */
function usePlayKey(toggle: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.key !== ' ' || target.closest('button, input, a, textarea') !== null) return;
      event.preventDefault();
      toggle();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [toggle]);
}
