import type { Client, TypedClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { resolveOptions } from './resolve-options.ts';
import { StreamClient } from './stream-client.ts';

/**
 * Makes a client: it connects, keeps its position, resumes from there after a break, drops what it has seen, and renews its
 * token. Throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * const client = createClient({ url: '/ws', token: () => fetchToken() });
 * client.on('agent_response_chunk', (event) => append(event.run_id, event.payload.delta));
 * client.connect();
 * const { runId } = await client.sendMessage({ text: 'Where do we lose money?' });
 * ```
 */
export function createClient(options: ClientOptions): Client;
/**
 * Makes a client whose handlers get the events of `Events`, beside those of the protocol. What goes over the wire is the same. The server
 * checks payloads, by its own schemas.
 *
 * @throws `INVALID_OPTION`, naming the option
 * @example
 * ```ts
 * const client = createClient<{ invoice_ready: { cents: number } }>({ url: '/ws' });
 * client.on('invoice_ready', (event) => show(event.payload.cents));
 * ```
 */
export function createClient<Events extends object>(options: ClientOptions): TypedClient<Events>;
// The events are types alone: both signatures take the same values.
export function createClient(options: ClientOptions): Client {
  const client = new StreamClient(resolveOptions(options));
  if (options.autoConnect === true) client.connect();
  return client;
}
