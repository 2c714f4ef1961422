import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../../apps/server/test/support/events.ts';
import { mustPublish, ticketFor } from '../../apps/server/test/support/http.ts';
import { Peer } from '../../apps/server/test/support/peer.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { PRODUCTION, signToken } from '../../apps/server/test/support/tokens.ts';
import { ask, textOf } from './support/insecure-fetch.ts';
import { PROXIES, type RunningProxy } from './support/proxies.ts';

const HEARTBEAT_MS = 300;
const withKey = { authorization: `Bearer ${PRODUCTION.WS_API_KEY}` };

describe.each(PROXIES)('behind $name, with the configuration of docs/deploy', ({ name, program, start }) => {
  describe.skipIf(program.isSkipped)('it', () => {
    let folder: TempFolder;
    let server: ServerProcess;
    let proxy: RunningProxy;
    beforeAll(async () => {
      folder = makeTempFolder();
      const env = { ...PRODUCTION, WS_HEARTBEAT_MS: String(HEARTBEAT_MS), WS_TRUSTED_PROXIES: 'loopback' };
      server = await ServerProcess.start({ cwd: folder.path, env });
      proxy = await start(folder.path, [server.port]);
    });
    afterAll(async () => {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    });

    const viaProxy = { socket: { rejectUnauthorized: false } };

    it('upgrades, and a quiet connection outlives the time-out by its heartbeat', async () => {
      const token = await signToken({ sub: 'alice' });
      const peer = await Peer.ready(proxy.url, { ...viaProxy, token });
      // Longer than the proxy waits for a word.
      await wait(1_500);
      expect(peer.closed).toBeUndefined();
      await mustPublish(server.url, 'alice', [note(1)], withKey);
      await peer.frame('app.note');
      await peer.close();
    });

    it('passes the events of a stream on as they come', async () => {
      const response = await ask(`${proxy.url}/v1/users/bob/events`, {
        headers: { ...withKey, accept: 'text/event-stream' },
      });
      expect(response.statusCode).toBe(200);
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      for (let n = 1; n <= 3; n += 1) {
        await mustPublish(server.url, 'bob', [note(n)], withKey);
        // Seen before the next is published: nothing is held back.
        await expect.poll(() => text, { timeout: 5_000, interval: 10 }).toContain(`"n":${n}`);
      }
      response.destroy();
    });

    it('takes what a publisher may send, and no more', async () => {
      const publish = async (length: number) =>
        ask(`${proxy.url}/v1/users/carol/events`, {
          method: 'POST',
          headers: { ...withKey, 'content-type': 'application/json' },
          body: JSON.stringify({ events: [{ type: 'app.note', payload: { pad: 'x'.repeat(length) } }] }),
        });
      expect((await publish(900_000)).statusCode).toBe(200);
      expect((await publish(1_100_000)).statusCode).toBe(413);
    });

    it.each(['/metrics', '/healthz', '/readyz', '/debug/state', '/inspector/'])('does not show %s', async (path) => {
      const response = await ask(`${proxy.url}${path}`, { headers: withKey });
      expect(response.statusCode).toBe(404);
      expect(await textOf(response)).not.toMatch(/ws_|ready|connections/);
    });

    // Nothing but the secret and the key is set: NODE_ENV is what is easily forgotten.
    // Caddy passes on what is for its own address alone.
    it.each(name === 'Caddy' ? [undefined] : [undefined, 'localhost', '127.0.0.1'])(
      'gets no development token for anyone, Host: %s',
      async (host) => {
        const { status, text } = await askForToken(proxy.url, host);
        expect({ status, text }).toEqual({ status: 403, text: expect.stringContaining('"FORBIDDEN"') as string });
      },
    );

    it('writes no ticket into its log', async () => {
      const ticket = await ticketFor(server.url, 'dave', withKey);
      const peer = await Peer.ready(proxy.url, { ...viaProxy, query: `?ticket=${ticket}` });
      await peer.close();
      expect(proxy.accessLog()).not.toContain(ticket);
    });
  });
});

/** Asks for a token of development mode through a proxy. */
async function askForToken(url: string, host?: string): Promise<{ status: number | undefined; text: string }> {
  const response = await ask(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(host === undefined ? {} : { host }) },
    body: JSON.stringify({ user_id: 'alice' }),
  });
  return { status: response.statusCode, text: await textOf(response) };
}

describe.each(PROXIES)('a server in development mode behind $name', ({ name, program, start }) => {
  it.skipIf(program.isSkipped)('answers nothing: a proxy may call for the whole internet', async () => {
    using folder = makeTempFolder();
    await using server = await ServerProcess.start({ cwd: folder.path });
    await using proxy = await start(folder.path, [server.port]);
    expect((await askForToken(server.url, 'localhost')).status).toBe(200);
    for (const host of name === 'Caddy' ? [undefined] : ['localhost', undefined]) {
      const { status, text } = await askForToken(proxy.url, host);
      expect({ status, text }).toEqual({ status: 403, text: expect.stringContaining('through a proxy') as string });
    }
  });
});

describe.each(PROXIES)('two nodes behind $name', ({ program, start }) => {
  it.skipIf(program.isSkipped)('one goes away: its clients come back through the same address', async () => {
    using folder = makeTempFolder();
    const nodes = await Promise.all([0, 1].map(async () => ServerProcess.start({ cwd: folder.path, env: PRODUCTION })));
    const [first, second] = nodes as [ServerProcess, ServerProcess];
    await using _first = first;
    await using _second = second;
    await using proxy = await start(folder.path, [first.port, second.port]);
    const token = await signToken({ sub: 'alice' });
    const connect = async () => Peer.ready(proxy.url, { token, socket: { rejectUnauthorized: false } });
    const peers = await Promise.all(Array.from({ length: 6 }, connect));
    const ended = Promise.all(peers.map(async (peer) => peer.ended(15_000)));
    first.kill('SIGTERM');
    await first.ended();
    // Wherever the proxy would send them: the one that is left takes them all.
    const back = await Promise.all(Array.from({ length: 6 }, connect));
    await Promise.all(back.map((peer) => peer.close()));
    second.kill('SIGTERM');
    const closes = await ended;
    expect(closes.map(({ code }) => code)).toEqual(closes.map(() => 1012));
  });
});
