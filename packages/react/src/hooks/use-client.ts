import type { Client } from '@ws/client';
import { useHandle } from '../provider/handle-context.ts';

/**
 * The client itself, for what no hook does. Not in components that a server renders: it makes the client.
 *
 * @example
 * ```tsx
 * const client = useClient();
 * useEffect(() => client.on('reset', () => clearDrafts()), [client]);
 * ```
 */
export function useClient(): Client {
  return useHandle().client;
}
