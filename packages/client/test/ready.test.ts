import { describe, expect, it } from 'vitest';
import { connected, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

/** What became of a promise so far. */
function outcomeOf(promise: Promise<unknown>): { readonly told: unknown[] } {
  const told: unknown[] = [];
  promise.then(
    () => told.push('ready'),
    (error: unknown) => told.push(error),
  );
  return { told };
}

describe('ready()', () => {
  it('resolves when the client is connected and has caught up, and at once while it is', async () => {
    const { client, server } = setup({ from: 'earliest' });
    server.append('agent_thinking', { delta: 'a' });
    server.manners = 'manual';
    const { told } = outcomeOf(client.ready());
    client.connect();
    await settle();
    server.connection.send(server.answerTo({ type: 'hello', from: 'earliest' }));
    await settle();
    expect([client.state.status, told]).toEqual(['catching_up', []]);
    server.connection.send(server.after(0));
    await settle();
    expect(told).toEqual(['ready']);
    await client.ready();
  });

  it('goes on waiting while the server is away', async () => {
    const { client, server, clock } = setup();
    server.door = 'refuse';
    client.connect();
    const { told } = outcomeOf(client.ready());
    await clock.advance(60_000);
    expect(told).toEqual([]);
    server.door = 'open';
    await clock.advance(60_000);
    expect(told).toEqual(['ready']);
  });

  it('rejects with the reason where the client is closed, or is closed meanwhile', async () => {
    const { client, server } = await connected({}, undefined);
    server.connection.send({ type: 'lagging', offset: 0, head_offset: 5 });
    const { told } = outcomeOf(client.ready());
    server.connection.send({ type: 'error', code: 'CREDENTIAL_REVOKED', message: 'signed out', fatal: true });
    server.connection.close(4501);
    await settle();
    const closed = {
      code: 'CLIENT_CLOSED',
      details: { reason: 'UNAUTHORIZED' },
      cause: { code: 'CREDENTIAL_REVOKED' },
    };
    expect(told).toMatchObject([closed]);
    await expect(client.ready()).rejects.toMatchObject(closed);
  });

  it('is given up by its signal, and leaves nothing behind', async () => {
    const { client } = setup();
    const controller = new AbortController();
    const { told } = outcomeOf(client.ready({ signal: controller.signal }));
    controller.abort('enough');
    await settle();
    client.connect();
    await settle();
    expect(told).toEqual(['enough']);
    await expect(client.ready({ signal: AbortSignal.abort('too late') })).rejects.toBe('too late');
  });
});
