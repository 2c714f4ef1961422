import { createClient, type Client, type ClientOptions, type Clock } from '@ws/client';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Service } from '../src/service.ts';
import { note, wholeRun } from './support/events.ts';
import { mustPublish, post, ticketFor, tokenFor, withKey } from './support/http.ts';
import { startBlockingProxy, type BlockingProxy } from './support/blocking-proxy.ts';
import { openService } from './support/service.ts';
import { SECRET_FILE, signToken } from './support/tokens.ts';

let service: Service;
let proxy: BlockingProxy;
const clients: Client[] = [];

beforeEach(async () => {
  service = await openService(
    { WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE, WS_HEARTBEAT_MS: '500' },
    async ({ runId, threadId, text, manager }) => {
      await using run = await manager.startRun({ agentName: 'echo', runId, threadId });
      if (text === 'wait') await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
      if (text === 'ask') {
        const { approved } = await run.requestApproval({ toolName: 'delete', args: {} });
        await run.complete({ finalResponse: approved ? 'deleted' : 'kept' });
        return;
      }
      if (!run.signal.aborted) await run.complete({ finalResponse: text });
    },
  );
  proxy = await startBlockingProxy(service.url);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await service.close(0);
  await proxy[Symbol.asyncDispose]();
});

const token = async (): Promise<string> => tokenFor(service.url, 'alice');

function open(options: Partial<ClientOptions> = { token }): Client {
  const client = createClient({ url: `${proxy.url}/ws`, backoff: { minMs: 1, maxMs: 20 }, ...options });
  clients.push(client);
  client.on('error', () => undefined);
  client.connect();
  return client;
}

async function live(client: Client): Promise<void> {
  await expect.poll(() => client.state.status, { timeout: 8_000, interval: 10 }).toBe('live');
}

const offsets = (client: Client): number[] => {
  const seen: number[] = [];
  client.on('*', (event) => void seen.push(event.offset ?? -1));
  return seen;
};

/** Changes of the state, and messages as they came into the stream. */
function follow(client: Client): { readonly states: string[]; readonly texts: string[] } {
  const [states, texts]: [string[], string[]] = [[], []];
  client.on('state', ({ status }) => void states.push(status));
  client.on('user_message', ({ payload }) => void texts.push(payload.text));
  return { states, texts };
}

describe('a credential that is no good', () => {
  it.each([[['websocket']], [['websocket', 'sse']]] as const)(
    'expired, over %s → the client asks for a fresh one and is live over a WebSocket',
    async (transports) => {
      proxy.blocked = false;
      const reasons: string[] = [];
      let kept = await signToken({ sub: 'alice' }, { expiresIn: -60 });
      const client = open({
        transports,
        token: async ({ reason }) => {
          reasons.push(reason);
          if (reason !== 'connect') kept = await token();
          return kept;
        },
      });
      await live(client);
      expect(client.transport).toBe('websocket');
      expect(reasons).toEqual(['connect', 'expired']);
    },
  );

  it('expired, where WebSockets are blocked → the client asks for a fresh one and is live', async () => {
    const reasons = new Set<string>();
    let kept = await signToken({ sub: 'alice' }, { expiresIn: -60 });
    const client = open({
      token: async ({ reason }) => {
        reasons.add(reason);
        if (reason !== 'connect') kept = await token();
        return kept;
      },
    });
    await live(client);
    expect([client.transport, ...reasons]).toEqual(['sse', 'connect', 'expired']);
  });

  it('wrong → the client stops and says why', async () => {
    proxy.blocked = false;
    const client = open({ token: 'nonsense' });
    await expect.poll(() => client.state.status).toBe('closed');
    expect(client.state).toMatchObject({ reason: 'UNAUTHORIZED', code: 4501, error: { code: 'CREDENTIAL_INVALID' } });
  });

  it('a ticket that was too old when it arrived → the client asks for another, once', async () => {
    proxy.blocked = false;
    const tickets = ['stale', await ticketFor(service.url, 'alice')];
    const url = (): string => `${proxy.url}/ws?ticket=${tickets.shift() ?? 'stale'}`;
    const client = open({ url });
    await live(client);
    expect(client.transport).toBe('websocket');
    proxy.cut();
    await expect.poll(() => client.state.status, { timeout: 5_000 }).toBe('closed');
    expect(client.state).toMatchObject({ reason: 'UNAUTHORIZED', error: { code: 'CREDENTIAL_INVALID' } });
  });

  it('too long for a header, and good → the client is live over a WebSocket', async () => {
    proxy.blocked = false;
    const long = await signToken({ sub: 'alice', groups: 'g'.repeat(12_100) });
    const client = open({ token: long });
    await live(client);
    expect(client.transport).toBe('websocket');
  });
});

describe('where WebSockets are blocked', () => {
  it('the client reads over HTTP by itself, and misses nothing when the connection is cut', async () => {
    const client = open();
    const seen = offsets(client);
    await live(client);
    expect(client.transport).toBe('sse');
    expect(proxy.upgrades).toBe(2);
    await mustPublish(service.url, 'alice', wholeRun('r1', 't1'));
    await expect.poll(() => seen.length).toBe(5);
    proxy.cut();
    await mustPublish(service.url, 'alice', wholeRun('r2', 't1'));
    await expect.poll(() => seen, { timeout: 8_000 }).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(client.transport).toBe('sse');
    // The stream went on by the id of the last event.
    expect(proxy.requests.filter((line) => line.startsWith('GET /v1/events')).length).toBeGreaterThanOrEqual(2);
  });

  it('the client goes back to WebSockets when they work again, and misses nothing', async () => {
    // As the real one, but what would be tried after a quarter of a minute is tried after an eighth of a second.
    const clock: Clock = {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      after(ms, task) {
        const timer = setTimeout(task, ms > 6_000 ? ms / 120 : ms);
        return { cancel: () => clearTimeout(timer) };
      },
    };
    const client = open({ token, clock, connectTimeoutMs: 5_000 });
    const seen = offsets(client);
    await live(client);
    expect(client.transport).toBe('sse');
    await expect.poll(() => proxy.upgrades, { timeout: 5_000 }).toBeGreaterThanOrEqual(4);
    // Looking for WebSockets is not noticed.
    expect(client.state.status).toBe('live');
    expect(client.transport).toBe('sse');
    await mustPublish(service.url, 'alice', wholeRun('r1', 't1'));
    proxy.blocked = false;
    await expect.poll(() => `${client.transport} ${client.state.status}`, { timeout: 8_000 }).toBe('websocket live');
    await mustPublish(service.url, 'alice', wholeRun('r2', 't1'));
    await expect.poll(() => seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('the client acknowledges its stream, which then goes on', async () => {
    const client = open();
    await live(client);
    const pings = () => proxy.requests.filter((line) => line.startsWith('POST /v1/frames')).length;
    await expect.poll(pings, { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
    expect(proxy.requests.filter((line) => line.startsWith('GET /v1/events'))).toHaveLength(1);
    expect(client.state.status).toBe('live');
  });

  it('a stream whose acknowledgements are lost is asked for again, unseen', async () => {
    let streams = 0;
    const client = open({
      token,
      // No acknowledgement comes through, and the server waits for a second.
      fetch: async (input, init) => {
        if (typeof init?.body === 'string' && init.body.includes('"ping"')) throw new TypeError('blocked');
        const url = new URL(input instanceof Request ? input.url : input);
        if (url.searchParams.has('ends_after_ms')) {
          url.searchParams.set('ends_after_ms', '1000');
          streams += 1;
        }
        return fetch(url, init);
      },
    });
    const seen = offsets(client);
    await live(client);
    const states: string[] = [];
    client.on('state', ({ status }) => states.push(status));
    const before = streams;
    for (let i = 1; streams < before + 3; i += 1) {
      await mustPublish(service.url, 'alice', [note(i)]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const {
      offsets: [last = 0],
    } = { offsets: await mustPublish(service.url, 'alice', [note(0)]) };
    await expect.poll(() => seen.at(-1)).toBe(last);
    expect(seen).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    expect(states).toEqual([]);
  });

  it('a message is sent, answered and shown', async () => {
    const client = open();
    const answers: unknown[] = [];
    client.on('agent_completed', ({ payload }) => void answers.push(payload.final_response));
    const sent = await client.sendMessage({ text: 'hello', threadId: 't1' });
    expect(sent).toMatchObject({ threadId: 't1', runId: `run-${sent.messageId}` });
    await expect.poll(() => answers).toEqual(['hello']);
    expect(proxy.requests).toContain('POST /v1/frames?user_id=alice');
  });

  it('messages reach the server in the order in which they were sent', async () => {
    const client = open();
    await live(client);
    const texts: string[] = [];
    client.on('user_message', ({ payload }) => void texts.push(payload.text));
    const wanted = Array.from({ length: 20 }, (_, n) => `message ${n}`);
    await Promise.all(wanted.map(async (text) => client.sendMessage({ text })));
    await expect.poll(() => texts).toEqual(wanted);
  });

  it('a request that is given up does not hold up the next ones', async () => {
    const client = open({ token, connectTimeoutMs: 60_000 });
    await live(client);
    const { states, texts } = follow(client);
    proxy.lost.request = 1;
    const given = client.sendMessage({ text: 'one' }, { timeoutMs: 200 });
    const next = Promise.all(['two', 'three'].map(async (text) => client.sendMessage({ text })));
    await expect(given).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await next;
    const controller = new AbortController();
    proxy.lost.request = 1;
    const aborted = client.sendMessage({ text: 'four' }, { signal: controller.signal });
    aborted.catch(() => undefined);
    await expect.poll(() => proxy.lost.request).toBe(0);
    controller.abort(new Error('no longer wanted'));
    await expect(aborted).rejects.toThrow('no longer wanted');
    await client.sendMessage({ text: 'five' });
    await expect.poll(() => texts).toEqual(['two', 'three', 'five']);
    expect(states).toEqual([]);
  });

  it.each(['request', 'answer'] as const)(
    'whose %s is lost, a message is said again under its id, before any other',
    async (what) => {
      const client = open({ token, connectTimeoutMs: 500 });
      await live(client);
      const { states, texts } = follow(client);
      proxy.lost[what] = 2;
      await Promise.all(['one', 'two', 'three'].map(async (text) => client.sendMessage({ text })));
      await expect.poll(() => texts).toEqual(['one', 'two', 'three']);
      expect(proxy.lost[what]).toBe(0);
      expect(states).toEqual([]);
    },
  );

  it('signs of life that are lost take no connections from what is said', async () => {
    const quick = await openService({ WS_HEARTBEAT_MS: '400' }, () => undefined);
    onTestFinished(() => quick.close(0));
    await using between = await startBlockingProxy(quick.url);
    const client = open({ url: `${between.url}/ws`, token: async () => tokenFor(quick.url, 'alice') });
    await live(client);
    between.lost.request = 5;
    await expect.poll(() => between.lost.request, { timeout: 5_000 }).toBe(0);
    expect(between.unanswered).toBeLessThanOrEqual(1);
    await client.sendMessage({ text: 'heard' });
  });

  it('a run is cancelled, an approval is answered, and a refusal is told', async () => {
    const client = open();
    const ends: unknown[] = [];
    client.on('agent_completed', ({ payload }) => void ends.push([payload.status, payload.final_response]));
    const { runId = '' } = await client.sendMessage({ text: 'wait' });
    await expect.poll(() => client.openRuns.length).toBe(1);
    await client.cancelRun(runId);
    await expect.poll(() => ends).toEqual([['cancelled', undefined]]);
    client.on('tool_approval_requested', ({ payload, run_id = '' }) =>
      client.answerApproval({ runId: run_id, toolCallId: payload.tool_call_id, approved: true }),
    );
    await client.sendMessage({ text: 'ask' });
    await expect.poll(() => ends.at(-1)).toEqual(['completed', 'deleted']);
    await expect(client.cancelRun('never-was')).rejects.toMatchObject({ code: 'RUN_NOT_OPEN' });
    expect(client.state.status).toBe('live');
  });

  it('a message that was under way when the connection was cut arrives once', async () => {
    const client = open();
    await live(client);
    const texts: string[] = [];
    client.on('user_message', ({ payload }) => void texts.push(payload.text));
    const sent = client.sendMessage({ text: 'once', messageId: 'm1' });
    proxy.cut();
    await expect(sent).resolves.toMatchObject({ messageId: 'm1' });
    await expect.poll(() => texts).toEqual(['once']);
  });

  it('a credential that expires is renewed, and the stream goes on without a gap', async () => {
    const reasons: string[] = [];
    const client = open({
      token: async ({ reason }) => {
        reasons.push(reason);
        return signToken({ sub: 'alice' }, { expiresIn: reason === 'connect' && reasons.length === 3 ? 1 : 600 });
      },
    });
    const seen = offsets(client);
    await live(client);
    await mustPublish(service.url, 'alice', [note(1)]);
    await expect.poll(() => reasons, { timeout: 8_000 }).toContain('expired');
    await mustPublish(service.url, 'alice', [note(2)]);
    await expect.poll(() => seen, { timeout: 8_000 }).toEqual([1, 2]);
  });

  it('a ticket works as well: each request has one of its own', async () => {
    const client = open({
      url: async () => `${proxy.url}/ws?ticket=${await ticketFor(service.url, 'alice')}`,
    });
    await live(client);
    expect(client.transport).toBe('sse');
    await expect(client.sendMessage({ text: 'by ticket' })).resolves.toHaveProperty('runId');
  });

  it('what is revoked closes the client for good, and says why', async () => {
    const client = open({ token: async () => signToken({ sub: 'alice' }) });
    await live(client);
    await post(`${service.url}/v1/users/alice/disconnect`, {}, withKey);
    await expect.poll(() => client.state).toMatchObject({ status: 'closed', reason: 'UNAUTHORIZED', code: 4501 });
    expect(client.state).toMatchObject({ error: { code: 'CREDENTIAL_REVOKED' } });
  });

  it('a token issued too close to a revocation is fetched again, until there is a newer one', async () => {
    let iat = Math.floor(Date.now() / 1_000);
    const reasons: string[] = [];
    const client = open({
      token: async ({ reason }) => {
        reasons.push(reason);
        return signToken({ sub: 'alice', iat });
      },
    });
    await live(client);
    const { body } = await post(`${service.url}/v1/users/alice/disconnect`, {}, withKey);
    await expect.poll(() => reasons.filter((reason) => reason === 'expired').length).toBeGreaterThan(0);
    iat = Number(body['valid_from']) / 1_000;
    await live(client);
    expect(client.state).toMatchObject({ status: 'live' });
  });

  it('only the threads that were asked for', async () => {
    const client = open({ token, threads: ['t2'], from: 'earliest' });
    await mustPublish(service.url, 'alice', [...wholeRun('r1', 't1'), ...wholeRun('r2', 't2')]);
    const threads: unknown[] = [];
    client.on('*', ({ thread_id }) => void threads.push(thread_id));
    await expect.poll(() => threads, { timeout: 8_000 }).toEqual(Array.from({ length: 5 }, () => 't2'));
  });
});

describe('threads that change while the client is connected', () => {
  const publish = async (thread: string, run: string): Promise<void> =>
    void (await mustPublish(service.url, 'alice', wholeRun(run, thread)));

  it.each([[['websocket']], [['sse']]] as const)(
    'over %s: what comes is of the new threads, each event once; a thread that the token does not allow is refused',
    async (transports) => {
      proxy.blocked = false;
      const limited = (): Promise<string> => signToken({ sub: 'alice', threads: ['t1', 't2', 't3'] });
      const client = open({ transports, token: limited, threads: ['t1'] });
      const seen: unknown[] = [];
      client.on('*', ({ thread_id, type }) => void seen.push(`${thread_id} ${type}`));
      let readies = 0;
      client.on('ready', () => (readies += 1));
      await live(client);
      await publish('t2', 'r1');
      await publish('t1', 'r2');
      await expect.poll(() => seen.length).toBe(5);

      await client.setThreads(['t2', 't3']);
      await publish('t1', 'r3');
      await publish('t3', 'r4');
      await expect.poll(() => seen.length).toBe(10);

      await expect(client.setThreads(['t4'])).rejects.toMatchObject({ code: 'THREAD_NOT_ALLOWED' });
      expect(client.threads).toEqual(['t2', 't3']);
      await publish('t2', 'r5');
      await expect.poll(() => seen.length).toBe(15);
      expect(readies).toBe(1);

      // The next connection names the threads that are in force.
      proxy.cut();
      await publish('t3', 'r6');
      await publish('t1', 'r7');
      await expect.poll(() => seen.length, { timeout: 8_000 }).toBe(20);

      await client.setThreads(['t1'], { from: 'earliest' });
      await expect.poll(() => seen.length, { timeout: 8_000 }).toBe(35);
      const threads = seen.map((text) => String(text).slice(0, 2));
      expect(threads.filter((_, index) => index % 5 === 0)).toEqual(['t1', 't3', 't2', 't3', 't1', 't1', 't1']);
      expect(client.transport).toBe(transports[0]);
    },
  );
});

describe('back to WebSockets', () => {
  it('when they are no longer blocked and the connection is made anew', async () => {
    const client = open();
    const seen = offsets(client);
    await live(client);
    expect(client.transport).toBe('sse');
    await mustPublish(service.url, 'alice', [note(1)]);
    proxy.blocked = false;
    proxy.cut();
    await expect.poll(() => client.transport, { timeout: 8_000 }).toBe('websocket');
    await live(client);
    await mustPublish(service.url, 'alice', [note(2)]);
    await expect.poll(() => seen).toEqual([1, 2]);
  });

  it('a client whose WebSocket is let through never asks for anything else', async () => {
    proxy.blocked = false;
    const client = open();
    await live(client);
    proxy.cut();
    await live(client);
    expect(client.transport).toBe('websocket');
    expect(proxy.requests).toEqual([]);
  });
});

it('a client may be told to use HTTP alone', async () => {
  const client = open({ token, transports: ['sse'] });
  await live(client);
  expect(proxy.upgrades).toBe(0);
});

it('a client may be told to use WebSockets alone', async () => {
  const client = open({ token, transports: ['websocket'] });
  await expect.poll(() => proxy.upgrades, { timeout: 8_000 }).toBeGreaterThan(4);
  expect(client.state.status).not.toBe('live');
  expect(proxy.requests).toEqual([]);
});
