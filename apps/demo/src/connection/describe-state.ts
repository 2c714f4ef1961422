import { CLOSE_CODES } from '@ws/types';
import type { ConnectionFacts } from '../state/connection-facts.ts';

type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle';

export interface StateText {
  readonly label: string;
  readonly detail: string;
  readonly tone: Tone;
}

/** A state of the connection in words. `now` is for the countdown. */
export function describeState({ client, since, cutUntil, drainingMs }: ConnectionFacts, now: number): StateText {
  switch (client.status) {
    case 'idle':
      return { label: 'Starting', detail: 'Not connected yet.', tone: 'idle' };
    case 'connecting':
      return { label: 'Connecting', detail: tryText(client.attempt), tone: 'busy' };
    case 'catching_up':
      return { label: 'Catching up', detail: `Replaying events up to ${client.headOffset}.`, tone: 'busy' };
    case 'live':
      if (drainingMs !== null) return { label: 'Live', detail: 'The server restarts: moving over.', tone: 'warn' };
      return { label: 'Live', detail: 'Every event arrives as it happens.', tone: 'ok' };
    case 'lagging':
      return {
        label: 'Lagging',
        detail: `Behind; the server reads on from its log up to ${client.headOffset}.`,
        tone: 'warn',
      };
    case 'waiting': {
      if (cutUntil !== null) return { label: 'Cut', detail: `Back in ${seconds(cutUntil - now)}.`, tone: 'bad' };
      const left = client.retryInMs - (now - since);
      return { label: 'Not connected', detail: `Next try in ${seconds(left)}.`, tone: 'warn' };
    }
    case 'paused':
      return { label: 'Paused', detail: 'The page reads what it has first.', tone: 'warn' };
    case 'closed':
      return { label: 'Closed', detail: closedText(client.reason), tone: 'bad' };
  }
}

function tryText(attempt: number): string {
  return attempt === 0 ? 'Opening a connection.' : `Try ${attempt + 1}.`;
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.ceil(ms / 1_000))} s`;
}

function closedText(reason: string): string {
  const info = Object.entries(CLOSE_CODES).find(([name]) => name === reason)?.[1];
  return info === undefined
    ? 'The connection was closed.'
    : `${info.meaning.replace(/^./, (letter) => letter.toUpperCase())}.`;
}
