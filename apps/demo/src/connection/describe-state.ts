import { useConnection, useRetryIn, type ConnectionView } from '@ws/react';
import { CLOSE_CODES } from '@ws/types';
import { useNow } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import type { ConnectionFacts } from '../state/connection-facts.ts';

type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle';

export interface StateText {
  readonly label: string;
  readonly detail: string;
  readonly tone: Tone;
}

/** The state of the connection in words, with a countdown where it waits. */
export function useStateText(): StateText {
  const { state } = useConnection();
  const retryIn = useRetryIn();
  const cutUntil = usePage(({ connection }) => connection.cutUntil);
  const drainingMs = usePage(({ connection }) => connection.drainingMs);
  const now = useNow(cutUntil === null ? null : 250);
  return describeState({ state, retryIn, cutUntil, drainingMs }, now);
}

/** What {@link describeState} puts in words. */
export interface DescribedState
  extends Pick<ConnectionView, 'state'>, Pick<ConnectionFacts, 'cutUntil' | 'drainingMs'> {
  /** Whole seconds until the next try. */
  readonly retryIn: number | null;
}

/** `now` is for the time that a cut has left. */
export function describeState({ state, retryIn, cutUntil, drainingMs }: DescribedState, now: number): StateText {
  switch (state.status) {
    case 'idle':
      return { label: 'Starting', detail: 'Not connected yet.', tone: 'idle' };
    case 'connecting':
      return { label: 'Connecting', detail: tryText(state.attempt), tone: 'busy' };
    case 'catching_up':
      return { label: 'Catching up', detail: `Replaying events up to ${state.headOffset}.`, tone: 'busy' };
    case 'live':
      if (drainingMs !== null) return { label: 'Live', detail: 'The server restarts: moving over.', tone: 'warn' };
      return { label: 'Live', detail: 'Every event arrives as it happens.', tone: 'ok' };
    case 'lagging':
      return {
        label: 'Lagging',
        detail: `Behind; the server reads on from its log up to ${state.headOffset}.`,
        tone: 'warn',
      };
    case 'waiting': {
      if (cutUntil !== null) {
        const left = Math.max(0, Math.ceil((cutUntil - now) / 1_000));
        return { label: 'Cut', detail: `Back in ${left} s.`, tone: 'bad' };
      }
      return { label: 'Not connected', detail: `Next try in ${retryIn ?? 0} s.`, tone: 'warn' };
    }
    case 'paused':
      return { label: 'Paused', detail: 'The page reads what it has first.', tone: 'warn' };
    case 'closed':
      return { label: 'Closed', detail: closedText(state.reason), tone: 'bad' };
  }
}

function tryText(attempt: number): string {
  return attempt === 0 ? 'Opening a connection.' : `Try ${attempt + 1}.`;
}

function closedText(reason: string): string {
  const info = Object.entries(CLOSE_CODES).find(([name]) => name === reason)?.[1];
  return info === undefined
    ? 'The connection was closed.'
    : `${info.meaning.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

const SHOWN = 6;

/** The beginning of an epoch: enough to tell one from the next. */
export function shortenEpoch(epoch: string): string {
  return epoch.length > SHOWN + 1 ? `${epoch.slice(0, SHOWN)}…` : epoch;
}
