import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import { Acceptors, assertPortIsFree, portOptions } from './acceptors.ts';

export interface Address {
  /** An address of this machine, or `localhost` for both of its loopback addresses. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

/** Listens, and answers the address. Throws `INVALID_OPTION` with a sentence that says what to change. */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<string> {
  const acceptors = new Acceptors(app.server);
  app.addHook('preClose', async () => acceptors.close());
  try {
    const [first = host, ...others] = await addressesOf(host);
    await assertPortIsFree({ host: first, port });
    await app.listen(portOptions({ host: first, port }));
    const { port: taken } = app.server.address() as AddressInfo;
    await acceptors.listen({ host: first, port: taken });
    for (const other of others) await acceptors.listenAlso({ host: other, port: taken });
  } catch (error) {
    throw listenError(error, { host, port });
  }
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${hostOf(app.server.address() as AddressInfo)}`;
}

/** `localhost` is two addresses on most machines, and clients try either. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

function hostOf({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function listenError(error: unknown, { host, port }: Address): WebSocketError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const sentence = {
    EADDRINUSE: `port ${port} on ${host} is in use: stop the other program, or choose another port (WS_PORT)`,
    EACCES: `port ${port} on ${host} needs more rights than this program has: choose another port (WS_PORT)`,
    EADDRNOTAVAIL: `${host} (WS_HOST) is not an address of this machine`,
    ENOTFOUND: `${host} (WS_HOST) is not an address of this machine`,
  }[String(code)];
  return new WebSocketError('INVALID_OPTION', sentence ?? `listening on ${host}, port ${port}, failed`, {
    cause: error,
  });
}
