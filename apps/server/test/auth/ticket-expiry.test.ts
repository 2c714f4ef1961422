import { describe, expect, it } from 'vitest';
import { createHub } from '@ws/core';
import { Tickets } from '@ws/server/src/auth/tickets.ts';
import { EventStream } from '../support/event-stream.ts';
import { eventsAddress, post, tokenFor, withKey, type HttpAnswer } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { useService } from '../support/service.ts';
import { within } from '../support/within.ts';

const CONNECTION_MS = 1_000;
const service = useService({ WS_TICKET_CONNECTION_MS: String(CONNECTION_MS) });

async function issue(fields: object = {}): Promise<HttpAnswer> {
  return post(`${service.url}/v1/tickets`, { user_id: 'alice', ...fields }, withKey);
}

async function connect(fields: object = {}): Promise<{ peer: Peer; expiresAt: number }> {
  const { body } = await issue(fields);
  const peer = await Peer.ready(service.url, { query: `?ticket=${String(body['ticket'])}` });
  return { peer, expiresAt: Number(body['connection_expires_at']) };
}

describe('a connection that a ticket opened', () => {
  it('is told its end, warned, and closed with 4001 when it has come', async () => {
    const before = Date.now();
    const { peer, expiresAt } = await connect();
    expect(expiresAt).toBeGreaterThanOrEqual(before + CONNECTION_MS);
    expect(peer.frames[0]).toMatchObject({ type: 'connection_ready', expires_at: expiresAt });
    expect(await peer.frame('auth_expiring')).toMatchObject({ expires_at: expiresAt });
    expect((await peer.ended()).code).toBe(4001);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(peer.frames.at(-1)).toMatchObject({ code: 'CREDENTIAL_EXPIRED', fatal: true });
  });

  it('has the end that the ticket was made with', async () => {
    const end = Date.now() + 2 * CONNECTION_MS;
    const { peer, expiresAt } = await connect({ connection_expires_at: end });
    expect(expiresAt).toBe(end);
    expect((await peer.ended()).code).toBe(4001);
    expect(Date.now()).toBeGreaterThanOrEqual(end);
  });

  it('goes on with a fresh token', async () => {
    const { peer, expiresAt } = await connect();
    peer.say({ type: 'auth', token: await tokenFor(service.url, 'alice') });
    const { expires_at } = await peer.frame('auth_ok');
    expect(Number(expires_at)).toBeGreaterThan(expiresAt);
    const lived = await Promise.race([peer.ended(20_000), until(expiresAt + 300)]);
    expect(lived).toBe('still open');
    peer.socket.terminate();
  });

  it('is held to it as an event stream as well', async () => {
    const { body } = await issue();
    const address = eventsAddress(service.url, 'alice', `?ticket=${String(body['ticket'])}`);
    await using stream = await EventStream.open(address, {});
    await within(8_000, 'the end of the stream', stream.toEnd());
    expect(stream.blocks.at(-1)).toMatchObject({ event: 'close', data: { code: 4001 } });
  });
});

describe('a ticket', () => {
  it.each([
    ['in the past', Date.now() - 1],
    ['that is no time', '2030-01-01'],
    ['that is no integer', Date.now() + 60_000.5],
    ['that is none', null],
  ])('is not made with an end %s', async (_name, connection_expires_at) => {
    const { status, text } = await issue({ connection_expires_at });
    expect(status).toBe(400);
    expect(text).toContain('connection_expires_at');
  });

  it('opens nothing when what it stands for has ended meanwhile', async () => {
    let now = 1_000_000;
    const hub = createHub();
    const tickets = new Tickets(hub, 3_600_000, () => now);
    const { ticket } = await tickets.issue({ userId: 'alice', connectionExpiresAt: now + 5_000 });
    now += 5_000;
    await expect(tickets.redeem(ticket, undefined)).rejects.toMatchObject({ code: 'CREDENTIAL_EXPIRED' });
    await hub.close();
  });
});

/** The moment after which an expired connection would be closed: nothing to wait for but the time. */
async function until(at: number): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('still open'), at - Date.now());
  });
}
