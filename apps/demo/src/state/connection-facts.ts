import type { PageInput } from './page-input.ts';

/** What the page shows of its connection beside what `useConnection` has. */
export interface ConnectionFacts {
  readonly connectionId: string | null;
  /** Whose stream it is. */
  readonly userId: string | null;
  /** Why the server works in its mode. */
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

export const NO_FACTS: ConnectionFacts = {
  connectionId: null,
  userId: null,
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
      return input.state.status === 'waiting' ? { ...facts, roundTripMs: null } : facts;
    case 'ready':
      return {
        ...facts,
        connectionId: input.ready.connectionId,
        userId: input.ready.userId,
        connections: facts.connections + 1,
        drainingMs: null,
        problem: null,
      };
    case 'mode':
      return { ...facts, modeReason: input.mode.reason };
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
    case 'item':
      return facts;
  }
}
