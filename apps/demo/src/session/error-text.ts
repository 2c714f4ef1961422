import { isWebSocketError } from '@ws/types';

const AWAY = 'The server can’t be reached.';

/** What to tell the user of an error: the innermost cause says most. No text that a browser made up gets to the page. */
export function errorText(error: unknown): string {
  // A request that did not get through: "Failed to fetch", "Load failed", "signal is aborted without reason".
  if (error instanceof TypeError || error instanceof DOMException) return AWAY;
  // "Unexpected token '<', "<!doctype "... is not valid JSON": a proxy answers in the place of the server.
  if (error instanceof SyntaxError) return 'The server’s answer can’t be read. A proxy may answer in its place.';
  if (!(error instanceof Error)) return String(error);
  if (isWebSocketError(error) && error.code === 'REQUEST_TIMEOUT') return 'The server did not answer in time.';
  return error.cause instanceof Error ? errorText(error.cause) : error.message;
}
