import type { Unsubscribe } from './client.ts';

/**
 * Follows the page the client runs in; does nothing outside of one.
 *
 * @param wake The network is back or the page is shown again: timers may have slept, a retry is worth it now.
 * @param hide The page is hidden, and may never be shown again.
 */
export function watchPage(wake: () => void, hide: () => void): Unsubscribe {
  if (typeof addEventListener !== 'function') return () => {};
  const visibility = () => (document.visibilityState === 'hidden' ? hide() : wake());
  addEventListener('online', wake);
  addEventListener('pagehide', hide);
  // A worker has no document.
  const page = typeof document === 'undefined' ? undefined : document;
  page?.addEventListener('visibilitychange', visibility);
  return () => {
    removeEventListener('online', wake);
    removeEventListener('pagehide', hide);
    page?.removeEventListener('visibilitychange', visibility);
  };
}
