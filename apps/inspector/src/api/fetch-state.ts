import { ask } from './ask.ts';
import type { ServerState } from './server-state.ts';

/** What the node holds, of all users or of one. Throws `ApiError`. */
export async function fetchState(key: string, userId: string | null, signal?: AbortSignal): Promise<ServerState> {
  const query = userId === null ? '' : `?user_id=${encodeURIComponent(userId)}`;
  // The server that made this page made the answer, too.
  return (await ask(`/debug/state${query}`, key, signal)) as ServerState;
}
