import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import { Acceptors, assertPortIsFree, portOptions } from './acceptors.ts';
import type { Settings } from '../settings/index.ts';

type Address = Pick<Settings, 'host' | 'port'>;

/** Listens, and answers the address. Throws `INVALID_OPTION` with a sentence that says what to change. */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<string> {
  const acceptors = new Acceptors(app.server);
  app.addHook('preClose', async () => acceptors.close());
  try {
    await assertPortIsFree({ host, port });
    await app.listen(portOptions({ host, port }));
    await acceptors.listen({ host, port: (app.server.address() as AddressInfo).port });
  } catch (error) {
    throw listenError(error, { host, port });
  }
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${hostOf(app.server.address() as AddressInfo)}`;
}

function hostOf({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function listenError(error: unknown, { host, port }: Address): WebSocketError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const sentence = {
    EADDRINUSE: `port ${port} on ${host} is in use: stop the other program, or choose another port with WS_PORT`,
    EACCES: `port ${port} on ${host} needs more rights than this program has: choose another port with WS_PORT`,
    EADDRNOTAVAIL: `WS_HOST ${host} is not an address of this machine`,
    ENOTFOUND: `WS_HOST ${host} is not an address of this machine`,
  }[String(code)];
  return new WebSocketError('INVALID_OPTION', sentence ?? `listening on ${host}, port ${port}, failed`, {
    cause: error,
  });
}
