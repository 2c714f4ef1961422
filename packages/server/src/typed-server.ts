import type { TypedHub } from '@ws/core';
import type { TypedHubOptions } from '@ws/core/internal';
import type { ServerOptions } from './server-options.ts';
import type { Server } from './server.ts';

// Types alone: a typed server is a server.

/** Options of a typed server: the manager that `onUserMessage` gets is typed, too. */
export type TypedServerOptions<Events> = Omit<ServerOptions, 'onUserMessage'> &
  Pick<TypedHubOptions<Events>, 'onUserMessage'>;

/** A server whose hub takes and gives the events of `Events` beside those of the protocol. */
export type TypedServer<Events> = { readonly hub: TypedHub<Events> } & Server;
