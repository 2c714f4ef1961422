import { SignJWT } from 'jose';
import { userOf } from '../targets/agent-event.ts';
import { LoadClient, type LoadClientEvents } from './load-client.ts';
import type { Audience } from './orders.ts';
import type { Tally } from './tally.ts';

/** Makes the clients of an audience, none connected yet. */
export async function clientsOf(audience: Audience, tally: Tally, events: LoadClientEvents): Promise<LoadClient[]> {
  const { dialect, port, connections, users, firstUser, secret, oneThread = false } = audience;
  const key = new TextEncoder().encode(secret);
  const tokens: string[] = [];
  if (dialect === 'agent-events') {
    for (let user = 0; user < users; user += 1) {
      const claims = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(userOf(firstUser + user));
      tokens.push(await claims.setExpirationTime('2h').sign(key));
    }
  }
  return Array.from({ length: connections }, (_, n) => {
    const user = n % users;
    return new LoadClient(
      { dialect, port, user: firstUser + user, token: tokens[user] ?? '', oneThread, tally },
      events,
    );
  });
}

/** Connects clients, at most `atOnce` at a time. Resolves when all are ready; rejects when one is refused. */
export function connectAll(clients: readonly LoadClient[], atOnce: number, events: LoadClientEvents): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let ready = 0;
    const connectNext = (): void => {
      clients[next]?.connect();
      next += 1;
    };
    events.ready = () => {
      ready += 1;
      if (ready === clients.length) resolve();
      else connectNext();
    };
    events.lost = ({ user }) => reject(new Error(`the connection of user ${user} was refused or lost`));
    for (let n = 0; n < Math.min(atOnce, clients.length); n += 1) connectNext();
  });
}
