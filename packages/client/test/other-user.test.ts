import { describe, expect, it } from 'vitest';
import { createRunStore } from '../src/runs/run-store.ts';
import { webStoragePositionStore } from '../src/position-store.ts';
import type { StreamItem } from '../src/stream-item.ts';
import type { Client } from '../src/client.ts';
import { FakeServer } from './support/fake-server.ts';
import { connected, setup, type Setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const run = (run_id: string) => ({ run_id });
const said = (delta: string) => ({ delta });

/** Alice has read two events of one run; then Bob signs in, whose stream has four, and the connection breaks. */
async function aliceThenBob(manners: 'resumed' | 'reset', before?: (setup: Setup) => void): Promise<Setup> {
  const all = await connected();
  const { server, clock } = all;
  server.emit('agent_started', { agent_name: 'a' }, run('ra'));
  server.emit('agent_response_chunk', said('secret of Alice'), run('ra'));
  before?.(all);
  signIn(server, manners);
  server.connection.close(1006);
  await clock.advance(500);
  return all;
}

/** `resumed`: as a server does that has one numbering for all of its streams. */
function signIn(server: FakeServer, manners: 'resumed' | 'reset'): void {
  if (manners === 'reset') server.loseLog();
  server.log = [];
  server.append('agent_started', { agent_name: 'b' }, run('rb'));
  for (const text of ['one ', 'two ', 'three']) server.append('agent_response_chunk', said(text), run('rb'));
  server.ready = {
    user_id: 'u2',
    mode: 'degraded',
    open_runs: [{ run_id: 'rb', agent_name: 'b', started_offset: 1, pending_approvals: [] }],
  };
}

/** Everything that a page may show, in the order in which it is told. */
function told(client: Client): string[] {
  const heard: string[] = [];
  client.on('reset', ({ userId }) => heard.push(`reset ${userId} ${client.userId}`));
  client.on('ready', ({ userId }) => heard.push(`ready ${userId}`));
  client.on('mode', ({ mode }) => heard.push(`mode ${mode}`));
  client.on('openRuns', (runs) => heard.push(`open ${runs.map(({ run_id }) => run_id).join()}`));
  client.on('*', (event) => heard.push(`${event.run_id} ${event.offset}`));
  return heard;
}

describe.each(['resumed', 'reset'] as const)('another user at a reconnect, whom the server calls %s', (manners) => {
  it('is told as a reset, before anything of the new user, whose stream then comes whole', async () => {
    let heard: string[] = [];
    const { client } = await aliceThenBob(manners, (all) => (heard = told(all.client)));
    expect(heard).toEqual(['reset u2 u2', 'mode degraded', 'open rb', 'ready u2', ...['rb 1', 'rb 2', 'rb 3', 'rb 4']]);
    expect(client.position).toMatchObject({ offset: 4 });
  });

  it('leaves nothing of the first user in a run store', async () => {
    let store: ReturnType<typeof createRunStore> | undefined;
    await aliceThenBob(manners, ({ client }) => (store = createRunStore(client)));
    expect(store?.getSnapshot().map(({ run_id, response }) => [run_id, response])).toEqual([['rb', 'one two three']]);
  });

  it('rejects what the first user asked for, and sends none of it', async () => {
    const outcomes: string[] = [];
    const { server } = await aliceThenBob(manners, ({ client, server: alices }) => {
      // Not answered, and sent again after a reconnect of the same user.
      alices.manners = 'manual';
      for (const request of [
        client.sendMessage({ text: 'of Alice' }),
        client.cancelRun('ra'),
        client.answerApproval({ runId: 'ra', toolCallId: 'c', approved: true }),
      ]) {
        request.catch((error: { code: string }) => outcomes.push(error.code));
      }
      alices.manners = 'polite';
      client.on('reset', () => void client.sendMessage({ text: 'of Bob' }).catch(() => undefined));
    });
    await settle();
    expect(outcomes).toEqual(['USER_CHANGED', 'USER_CHANGED', 'USER_CHANGED']);
    const later = server.connections.slice(1).flatMap(({ said: frames }) => frames);
    expect(later.filter(({ type }) => type !== 'hello')).toMatchObject([{ payload: { text: 'of Bob' } }]);
  });

  it('gives a loop nothing that it has not read of the first user', async () => {
    let items: AsyncIterableIterator<StreamItem> | undefined;
    await aliceThenBob(manners, ({ client, server }) => {
      items = client.stream();
      server.emit('agent_response_chunk', said('more'), run('ra'));
    });
    expect((await items?.next())?.value).toMatchObject({ kind: 'reset', ready: { userId: 'u2' } });
    expect((await items?.next())?.value).toMatchObject({ event: { run_id: 'rb' } });
  });
});

it('a reset of the new user that breaks off is told again, and not patched over', async () => {
  const { server, clock, client } = await aliceThenBob('reset', ({ server: alices }) => {
    alices.manners = 'manual';
  });
  const resets: unknown[] = [];
  client.on('reset', ({ offset }) => resets.push(offset));
  // The snapshot of the run whose beginning is gone does not come any more.
  server.oldest = 3;
  server.connection.send({ ...server.answerTo({ type: 'hello', from: { epoch: 'e1', offset: 2 } }) });
  server.manners = 'polite';
  server.connection.close(1006);
  await clock.advance(1_000);
  expect(server.connection.frames('hello')[0]?.from).toBe('earliest');
  expect(resets).toEqual([2, 2]);
});

it('what was asked for before any user was known is sent to the first one', async () => {
  const { client, server } = setup();
  void client.sendMessage({ text: 'early' }).catch(() => undefined);
  client.connect();
  await settle();
  expect(server.connection.frames('user_message')).toMatchObject([{ payload: { text: 'early' } }]);
});

describe('a stored position', () => {
  function storage() {
    const items = new Map<string, string>();
    const kept = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
    return webStoragePositionStore(kept, 'position');
  }

  it('is used by its user, and not by another', async () => {
    const store = storage();
    const server = new FakeServer();
    const alice = await connected({ store }, server);
    for (const text of ['a', 'b']) server.emit('agent_response_chunk', said(text), run('ra'));
    alice.client.close();

    const again = setup({ store }, server);
    const heard = told(again.client);
    again.client.connect();
    await settle();
    expect([again.client.userId, heard]).toEqual(['u1', ['mode unified', 'ready u1']]);
    again.client.close();

    signIn(server, 'resumed');
    const bob = setup({ store }, server);
    const heardByBob = told(bob.client);
    bob.client.connect();
    await settle();
    expect(heardByBob).toEqual([
      ...['reset u2 u2', 'mode degraded', 'open rb', 'ready u2'],
      ...['rb 1', 'rb 2', 'rb 3', 'rb 4'],
    ]);
  });
});
