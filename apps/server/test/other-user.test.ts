import { createClient, createRunStore, type ClientOptions } from '@ws/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { started, type PublishedEvent } from './support/events.ts';
import { call, errorCode, mustPublish, post, tokenFor } from './support/http.ts';
import { freshUser, useService } from './support/service.ts';

const service = useService({}, () => undefined);

const chunk = (run_id: string, delta: string): PublishedEvent => ({
  type: 'agent_response_chunk',
  run_id,
  payload: { delta },
});

/** A page whose cookie changes under it: each connection and request has the credential of whoever is signed in. */
async function page(options: Partial<ClientOptions>) {
  const [alice, bob] = [freshUser(), freshUser()];
  const tokens = { [alice]: await tokenFor(service.url, alice), [bob]: await tokenFor(service.url, bob) };
  await mustPublish(service.url, alice, [started('ra'), chunk('ra', 'secret of Alice')]);
  await mustPublish(service.url, bob, [started('rb'), ...['one ', 'two ', 'three'].map((text) => chunk('rb', text))]);
  let user = alice;
  const bearer = (): { readonly authorization: string } => ({ authorization: `Bearer ${tokens[user]}` });
  let breakConnection: () => void = () => undefined;
  const client = createClient({
    url: `${service.url}/ws`,
    from: 'earliest',
    backoff: { minMs: 1, maxMs: 20 },
    WebSocket: class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: bearer() });
        breakConnection = () => this.terminate();
      }
    },
    fetch: async (input, init) => {
      const { signal, ...rest } = init ?? {};
      const cut = new AbortController();
      if (rest.method === undefined) breakConnection = () => cut.abort();
      const signals = AbortSignal.any([cut.signal, ...(signal ? [signal] : [])]);
      return fetch(input, { ...rest, headers: { ...rest.headers, ...bearer() }, signal: signals });
    },
    ...options,
  });
  onTestFinished(() => client.close());
  client.on('error', () => undefined);
  const store = createRunStore(client);
  const told: string[] = [];
  client.on('reset', () => void told.push('reset'));
  client.on('*', (event) => void told.push(event.run_id ?? ''));
  const shown = (): string[] => store.getSnapshot().map(({ run_id, response }) => `${run_id}: ${response}`);
  client.connect();
  await expect.poll(shown).toEqual(['ra: secret of Alice']);
  return { client, bob, told, shown, signIn: () => void (user = bob), breakConnection: () => breakConnection() };
}

describe.each(['websocket', 'sse'] as const)('another user signs in under a client over %s', (transport) => {
  it('at a reconnect: the page is told to start over, and shows the new user alone', async () => {
    const { told, shown, signIn, breakConnection } = await page({ transports: [transport] });
    signIn();
    breakConnection();
    await expect.poll(shown, { timeout: 5_000 }).toEqual(['rb: one two three']);
    const since = told.slice(told.indexOf('reset'));
    expect([since[0], new Set(since.slice(1))]).toEqual(['reset', new Set(['rb'])]);
  });
});

it('a request over HTTP is refused for anybody but the user of the stream it belongs to, and nothing comes of it', async () => {
  const { client, bob, shown, signIn } = await page({ transports: ['sse'] });
  signIn();
  await expect(client.sendMessage({ text: 'of Alice' })).rejects.toMatchObject({ code: 'USER_CHANGED' });
  await expect.poll(shown, { timeout: 5_000 }).toEqual(['rb: one two three']);
  const headers = { authorization: `Bearer ${await tokenFor(service.url, bob)}` };
  expect((await call(`${service.url}/v1/events`, { headers })).text).not.toContain('of Alice');
});

it('user_id of a frame over HTTP has to be that of the credential, and an id', async () => {
  const [alice, bob] = [freshUser(), freshUser()];
  const headers = { authorization: `Bearer ${await tokenFor(service.url, bob)}` };
  const frame = { type: 'user_message', message_id: 'm1', payload: { text: 'hi' } };
  const send = async (query: string) => post(`${service.url}/v1/frames?${query}`, frame, headers);
  const refused = await send(`user_id=${alice}`);
  expect([refused.status, errorCode(refused)]).toEqual([409, 'USER_CHANGED']);
  expect([(await send('user_id=')).status, (await send(`user_id=${bob}`)).status]).toEqual([400, 200]);
});
