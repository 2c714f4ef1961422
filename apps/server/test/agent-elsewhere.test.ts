import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { mustPublish, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMgbG9uZyE=';

interface Call {
  readonly call_id: string;
  readonly run_id: string;
  readonly attempt: number;
  readonly payload: { readonly text: string };
}

/** An agent that is called: it answers nothing, until it is told to. */
async function agent(onEnd: (end: () => void) => void) {
  const calls: Call[] = [];
  const state = { calls, answers: false };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      calls.push(JSON.parse(body) as Call);
      if (state.answers) response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls` });
}

describe('an agent elsewhere, when the service is killed in the middle of calling it', { timeout: 90_000 }, () => {
  it.concurrent.for(['the service that is started again', 'another that shares its log'])(
    'gets what was accepted from %s, in order, and each once in effect',
    async (from, { expect, onTestFinished }) => {
      using folder = makeTempFolder();
      const elsewhere = await agent(onTestFinished);
      const env = {
        WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`,
        WS_AGENT_URL: elsewhere.url,
        WS_AGENT_SECRET: SECRET,
      };
      const start = async () => ServerProcess.start({ cwd: folder.path, env });
      await using first = await start();
      await using beside = from.startsWith('another') ? await start() : undefined;
      const token = await tokenFor(first.url, 'alice');
      const peer = await Peer.ready(first.url, { token });
      for (const text of ['one', 'two', 'three']) {
        peer.say({ type: 'user_message', message_id: text, thread_id: 't1', payload: { text } });
      }
      await expect.poll(() => peer.frames.filter(({ type }) => type === 'accepted')).toHaveLength(3);
      await expect.poll(() => elsewhere.calls.map(({ payload }) => payload.text)).toEqual(['one']);
      first.kill('SIGKILL');
      await first.exited;
      elsewhere.answers = true;
      await using next = beside ?? (await start());
      const heard = (): readonly string[] =>
        elsewhere.calls.map(({ payload, attempt }) => `${payload.text} ${attempt}`);
      await expect.poll(heard, { timeout: 40_000, interval: 200 }).toHaveLength(4);
      expect(elsewhere.calls.map(({ payload }) => payload.text)).toEqual(['one', 'one', 'two', 'three']);
      expect(elsewhere.calls[1]).toEqual({ ...elsewhere.calls[0], attempt: 2 });
      // The agent answers: its runs are those that were promised before.
      const start2 = { type: 'agent_started', run_id: elsewhere.calls[1]?.run_id, thread_id: 't1' };
      await mustPublish(next.url, 'alice', [{ ...start2, payload: { agent_name: 'elsewhere' } }]);
    },
  );
});
