import type { ClientState } from '@ws/client';
import type { WebSocketManagerMode } from '@ws/types';
import type { PageInput } from './page-input.ts';

/** What the page knows of its connection. */
export interface ConnectionFacts {
  readonly client: ClientState;
  /** When the client came to that state. */
  readonly since: number;
  readonly connectionId: string | null;
  /** Whose stream it is. */
  readonly userId: string | null;
  readonly mode: WebSocketManagerMode | null;
  readonly modeReason: string;
  /** The server said that it goes away, and when to come back. */
  readonly drainingMs: number | null;
  readonly roundTripMs: number | null;
  /** Connections that became ready. */
  readonly connections: number;
  /** While the user keeps the connection cut: when the network is back. */
  readonly cutUntil: number | null;
  /** What went wrong last, until a connection is ready. */
  readonly problem: string | null;
}

export const NOT_CONNECTED: ConnectionFacts = {
  client: { status: 'idle' },
  since: 0,
  connectionId: null,
  userId: null,
  mode: null,
  modeReason: '',
  drainingMs: null,
  roundTripMs: null,
  connections: 0,
  cutUntil: null,
  problem: null,
};

export function reduceConnection(facts: ConnectionFacts, input: PageInput): ConnectionFacts {
  switch (input.kind) {
    case 'client_state':
      return {
        ...facts,
        client: input.state,
        since: input.at,
        ...(input.state.status === 'waiting' ? { roundTripMs: null } : {}),
      };
    case 'ready':
      return {
        ...facts,
        connectionId: input.ready.connection_id,
        userId: input.ready.user_id,
        connections: facts.connections + 1,
        drainingMs: null,
        problem: null,
      };
    case 'mode':
      return { ...facts, mode: input.mode.mode, modeReason: input.mode.reason };
    case 'wire': {
      const draining = input.facts.findLast((fact) => fact.kind === 'draining');
      return draining === undefined ? facts : { ...facts, drainingMs: draining.reconnectAfterMs };
    }
    case 'cut':
      return { ...facts, cutUntil: input.until };
    case 'cut_over':
      return { ...facts, cutUntil: null };
    case 'round_trip':
      return { ...facts, roundTripMs: input.ms };
    case 'problem':
      return { ...facts, problem: input.message };
    default:
      return facts;
  }
}
