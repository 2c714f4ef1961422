import type { Server } from '@ws/server';
import type { openSessions } from './sessions.ts';

export interface Agents {
  readonly server: Server;
  readonly sessions: ReturnType<typeof openSessions>;
}

// Next bundles route handlers apart from server.ts: a module of both is there twice, and what they share is global.
const SHARED = Symbol.for('example-next:agents');

export function shareAgents(agents: Agents): void {
  Object.assign(globalThis, { [SHARED]: agents });
}

/** What `server.ts` has made. */
export function agents(): Agents {
  const shared = (globalThis as { [SHARED]?: Agents })[SHARED];
  if (shared === undefined) throw new Error('start server.ts: `next start` knows no agents');
  return shared;
}
