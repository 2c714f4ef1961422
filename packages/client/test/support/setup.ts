import { onTestFinished } from 'vitest';
import type { WebSocketError } from '@ws/types';
import { createClient } from '../../src/create-client.ts';
import type { Client } from '../../src/client.ts';
import type { ClientOptions } from '../../src/client-options.ts';
import type { ClientState } from '../../src/client-state.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { settle } from './settle.ts';

export interface Setup {
  readonly client: Client;
  readonly server: FakeServer;
  readonly clock: FakeClock;
  /** Each state since the start. */
  readonly states: ClientState[];
  readonly statuses: () => string[];
  /** Everything reported through the `error` signal. */
  readonly errors: WebSocketError[];
}

/** A client of a server in memory, not connected yet; jitter is always the middle of the range. */
export function setup(options: Partial<ClientOptions> = {}, server = new FakeServer()): Setup {
  const clock = new FakeClock();
  const client = createClient({
    url: 'ws://server/ws',
    WebSocket: server.WebSocket,
    // The server in memory has no HTTP.
    transports: ['websocket'],
    clock,
    random: () => 0.5,
    ...options,
  });
  const states: ClientState[] = [];
  const errors: WebSocketError[] = [];
  client.on('state', (state) => states.push(state));
  client.on('error', (error) => errors.push(error));
  onTestFinished(() => client.close());
  return { client, server, clock, states, errors, statuses: () => states.map(({ status }) => status) };
}

/** As {@link setup}, connected. */
export async function connected(options: Partial<ClientOptions> = {}, server = new FakeServer()): Promise<Setup> {
  const all = setup(options, server);
  all.client.connect();
  await settle();
  return all;
}

/** Offsets of the events that `*` was given. */
export function record(client: Client): number[] {
  const seen: number[] = [];
  client.on('*', (event) => seen.push(event.offset));
  return seen;
}
