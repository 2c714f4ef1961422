import type { WebSocketManagerMode } from '@ws/types';

/** What to tell the user of the server's mode; `null` if there is nothing to tell. */
export function bannerText(mode: WebSocketManagerMode | null, drainingMs: number | null): string | null {
  if (drainingMs !== null) return 'The server restarts. The page moves over by itself and goes on where it was.';
  switch (mode) {
    case 'degraded':
      return 'The event log can’t be reached. You see events as they happen; they get their place in the log when it is back.';
    case 'emergency':
      return 'The server is under heavy load. Text arrives in larger pieces, and every step still gets through.';
    case 'unified':
    case 'isolated':
    case null:
      return null;
  }
}
