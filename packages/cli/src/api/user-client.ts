import { createClient, type Client, type ClientOptions } from '@ws/client';
import type { WebSocketError } from '@ws/types';
import type { ServerOptions } from '../server-options.ts';
import { Failure } from '../failure.ts';
import { call } from './call.ts';

/** A client that follows a user's stream, with a single-use ticket for each connection. */
export function userClient(
  server: ServerOptions,
  userId: string,
  options: Pick<ClientOptions, 'from' | 'threads'> = {},
): Client {
  return createClient({
    ...options,
    url: async () => {
      // The service that was asked made it.
      const { ticket } = (await call(server, '/v1/tickets', { user_id: userId })) as { ticket: string };
      return `${server.url}/ws?ticket=${encodeURIComponent(ticket)}`;
    },
  });
}

/** What an error of such a client means to a person: where no ticket was to be had, why. */
export function failureOf({ cause, message, code }: WebSocketError): Failure {
  return cause instanceof Failure ? cause : new Failure(`${message} (${code})`);
}
