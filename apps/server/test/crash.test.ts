import { join } from 'node:path';
import { createClient } from '@ws/client';
import { describe, expect, it } from 'vitest';
import { completed, executing, note, started, thinking, toolDone, type PublishedEvent } from './support/events.ts';
import { call, eventsAddress, mustPublish, tokenFor, withKey } from './support/http.ts';
import { Peer, type WireEvent } from './support/peer.ts';
import { publishStubbornly } from './support/publisher.ts';
import { DEMO, ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const RUNS = 8;
const THOUGHTS = 10;

/** Many runs of all five kinds of events, each event with an id of its own. */
function workload(): readonly PublishedEvent[] {
  const events: PublishedEvent[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const id = `run-${run}`;
    const thoughts = Array.from({ length: THOUGHTS }, (_, n) => thinking(id, `${n} `));
    events.push(started(id, 't1'), ...thoughts, executing(id, `${id}-c`), toolDone(id, `${id}-c`), completed(id));
  }
  return events.map((event, n) => ({ ...event, event_id: `event-${n}` }));
}

interface Held {
  readonly type: string;
  readonly offset: number;
  readonly event_id: string;
  readonly payload: object;
}

/** Every offset a reader holds; after a replay one frame may stand for several deltas of a run (`merged`). */
function offsetsOf(events: readonly Held[]): readonly number[] {
  return events.flatMap((event) => {
    const merged = 'merged' in event ? (event.merged as number) : 1;
    return Array.from({ length: merged }, (_, n) => event.offset - merged + 1 + n);
  });
}

/** Everything a reader was told, in order, whether its deltas came one by one or joined. */
function storyOf(events: readonly Omit<Held, 'offset'>[]): string {
  const isDelta = (type: string): boolean => type === 'agent_thinking';
  return events
    .map(({ type, event_id, payload }) =>
      isDelta(type) && 'delta' in payload ? payload.delta : `\n${event_id} ${type}\n`,
    )
    .join('');
}

const oneTo = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index + 1);

describe('kill -9 in the middle of publishing', () => {
  it('loses nothing that was accepted: readers end with every event once, in order', { timeout: 60_000 }, async () => {
    using folder = makeTempFolder();
    const env = { WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`, WS_COALESCE_MS: '0' };
    const start = async (port: string) => ServerProcess.start({ cwd: folder.path, env: { ...env, WS_PORT: port } });
    let server = await start('0');
    const { url, port } = server;
    const token = await tokenFor(url, 'alice');
    const client = createClient({ url: `${url}/ws`, token, from: 'earliest', backoff: { minMs: 20, maxMs: 200 } });
    const seen: Held[] = [];
    const resets: unknown[] = [];
    client.on('*', (event) => {
      if (event.offset !== undefined) seen.push(event);
    });
    client.on('reset', (reset) => resets.push(reset));
    client.connect();
    let peer = await Peer.ready(url, { token, hello: { from: 'earliest' } });
    const raw: WireEvent[] = [];

    const events = workload();
    const kills = new Set([Math.floor(events.length / 3), Math.floor((events.length * 2) / 3)]);
    let restarted = Promise.resolve();
    try {
      const accepted = await publishStubbornly(url, 'alice', events, (index) => {
        if (!kills.has(index)) return;
        // Not waited for: the publisher runs into the dead server and goes on by itself.
        server.kill('SIGKILL');
        restarted = restarted
          .then(() => server.exited)
          .then(async () => {
            const { epoch } = await peer.frame('connection_ready');
            await peer.ended();
            raw.push(...peer.events);
            server = await start(port);
            const from = { epoch, offset: raw.at(-1)?.offset ?? 0 };
            peer = await Peer.ready(url, { token, hello: { from } });
            expect(peer.frames[0]).toMatchObject({ recovery: 'resumed', epoch });
          });
      });
      await restarted;

      expect(accepted.map(({ offset }) => offset)).toEqual(oneTo(events.length));
      await peer.until(() => peer.events.at(-1)?.offset === events.length, 'the raw peer is at the head', 15_000);
      raw.push(...peer.events);
      await expect.poll(() => client.position?.offset, { timeout: 15_000 }).toBe(events.length);

      const story = storyOf(accepted.map(({ event }) => ({ ...event, event_id: event.event_id ?? '' })));
      for (const reader of [raw, seen]) {
        expect(offsetsOf(reader)).toEqual(oneTo(events.length));
        expect(storyOf(reader)).toBe(story);
      }
      expect(resets).toEqual([]);
      const { body } = await call(eventsAddress(url, 'alice', '?limit=1000'), { headers: withKey });
      expect(storyOf(body['events'] as WireEvent[])).toBe(story);
      expect(body['events']).toHaveLength(events.length);
    } finally {
      client.close();
      peer.socket.terminate();
      await restarted.catch(() => undefined);
      await server[Symbol.asyncDispose]();
    }
  });

  it('ends a run of the demo agent that was alive as interrupted', { timeout: 60_000 }, async () => {
    using folder = makeTempFolder();
    const env = { WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`, WS_RUN_LEASE_MS: '500' };
    const first = await ServerProcess.start({ cwd: folder.path, env, program: DEMO });
    const { url, port } = first;
    const token = await tokenFor(url, 'alice');
    const peer = await Peer.ready(url, { token });
    peer.say({ type: 'user_message', message_id: 'm1', payload: { text: 'Where is the manager factory defined?' } });
    const run = await peer.frame('agent_started');
    await peer.frame('agent_thinking');
    first.kill('SIGKILL');
    await first.exited;
    await peer.ended();
    expect(peer.frames.map(({ type }) => type)).not.toContain('agent_completed');

    await using second = await ServerProcess.start({
      cwd: folder.path,
      env: { ...env, WS_PORT: port },
      program: DEMO,
    });
    const { epoch } = await peer.frame('connection_ready');
    const back = await Peer.open(second.url, {
      token,
      hello: { from: { epoch, offset: peer.events.at(-1)?.offset } },
    });
    const ended = await back.frame('agent_completed');
    expect(ended).toMatchObject({ run_id: run['run_id'], payload: { status: 'interrupted' } });
    expect(back.frames[0]).toMatchObject({ recovery: 'resumed' });
    // Each tool call that was cut off is answered, and nothing follows the end.
    const all = [...peer.events, ...back.events];
    const calls = (type: string) =>
      all.filter((event) => event.type === type).map(({ payload }) => payload['tool_call_id']);
    expect(calls('tool_completed').sort()).toEqual(calls('tool_executing').sort());
    expect(back.events.at(-1)?.type).toBe('agent_completed');

    // The page asks again under the same id: same answer, no second run.
    back.say({ type: 'user_message', message_id: 'm1', payload: { text: 'Where is the manager factory defined?' } });
    expect(await back.frame('accepted')).toMatchObject({ run_id: run['run_id'], thread_id: run['thread_id'] });
    await mustPublish(second.url, 'alice', [note(1)]);
    await back.frame('app.note');
    expect(back.events.map(({ type }) => type)).not.toContain('agent_started');
    await back.close();
  });
});
