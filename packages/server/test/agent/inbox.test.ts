import { MemoryEventLog } from '@ws/core';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, inbox } from '../../src/index.ts';
import { createLogger } from '../../src/process.ts';
import type { WireCall } from '../support/agent-service.ts';

const KEYS = { agent: 'key-of-the-agent-0123456789-0123456789', publisher: 'key-of-a-publisher-0123456789-01234567' };

interface Answer {
  readonly status: number;
  readonly body: {
    readonly claim_id: string;
    readonly calls: readonly WireCall[];
    readonly held: readonly string[];
    readonly lost: readonly string[];
    readonly code?: string;
    readonly detail?: string;
  };
}

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'keys.json');
  const entry = (id: keyof typeof KEYS, scopes: string[]) => ({ id, sha256: hash('sha256', KEYS[id]), scopes });
  writeFileSync(file, JSON.stringify({ keys: [entry('agent', ['inbox']), entry('publisher', ['publish', 'read'])] }));
  const server = await createServer({
    log: new MemoryEventLog(),
    authenticate: () => ({ userId: 'alice' }),
    apiKeys: { file },
    logger: createLogger('silent'),
    agent: inbox(),
  });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  const { url } = await server.listen({ port: 0 });
  const post = async (path: string, body: unknown, key: string | undefined, signal?: AbortSignal): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }) };
    const init = { method: 'POST', headers, body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) };
    const response = await fetch(url + path, init);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const say = async (text: string, thread = 't1'): Promise<Answer> =>
    post('/v1/frames', { type: 'user_message', message_id: text, thread_id: thread, payload: { text } }, undefined);
  const claim = async (body: object = {}, signal?: AbortSignal): Promise<Answer> =>
    post('/v1/inbox/claim', body, KEYS.agent, signal);
  return { server, url, post, say, claim };
}

describe('an agent that fetches what users say', () => {
  it('claims, extends and acknowledges', async () => {
    const { post, say, claim } = await open();
    await say('one');
    await say('two');
    const { status, body } = await claim();
    expect(status).toBe(200);
    expect(body.calls).toMatchObject([{ type: 'user_message', user_id: 'alice', run_id: 'run-one', attempt: 1 }]);
    expect((await claim()).body.calls).toEqual([]);
    const ids = body.calls.map(({ call_id }) => call_id);
    const held = { claim_id: body.claim_id, call_ids: ids };
    expect(await post('/v1/inbox/extend', { ...held, hold_ms: 120_000 }, KEYS.agent)).toMatchObject({
      status: 200,
      body: { held: ids, lost: [] },
    });
    expect(await post('/v1/inbox/ack', held, KEYS.agent)).toMatchObject({ body: { held: ids, lost: [] } });
    expect(await post('/v1/inbox/ack', held, KEYS.agent)).toMatchObject({ body: { held: [], lost: ids } });
    expect((await claim()).body.calls).toMatchObject([{ run_id: 'run-two' }]);
  });

  it('waits for the first, and one that left takes nothing', async () => {
    const { say, claim } = await open();
    const left = new AbortController();
    const abandoned = claim({ wait_ms: 20_000 }, left.signal).catch(() => 'left');
    await new Promise((resolve) => setTimeout(resolve, 100));
    left.abort();
    expect(await abandoned).toBe('left');
    const waiting = claim({ wait_ms: 20_000 });
    await say('hi');
    expect((await waiting).body.calls).toMatchObject([{ payload: { text: 'hi' } }]);
  });

  it('needs a key of the scope inbox, which opens nothing else', async () => {
    const { post, claim, url } = await open();
    expect((await post('/v1/inbox/claim', {}, undefined)).status).toBe(401);
    expect(await post('/v1/inbox/claim', {}, KEYS.publisher)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await claim()).status).toBe(200);
    expect((await post('/v1/users/alice/events', { events: [] }, KEYS.agent)).status).toBe(403);
    expect((await post('/v1/agent/calls/x/send', {}, KEYS.agent)).status).toBe(403);
    expect((await fetch(`${url}/v1/agent/calls`, { headers: { 'x-api-key': KEYS.agent } })).status).toBe(403);
  });

  it('is told which field is wrong', async () => {
    const { post } = await open();
    for (const [path, body, field] of [
      ['claim', { limit: 0 }, 'limit'],
      ['claim', { limit: 101 }, 'limit'],
      ['claim', { wait_ms: 60_000 }, 'wait_ms'],
      ['claim', { hold_ms: 1.5 }, 'hold_ms'],
      ['extend', { call_ids: ['a'] }, 'claim_id'],
      ['ack', { claim_id: 'c', call_ids: [] }, 'call_ids'],
      ['ack', { claim_id: 'c', call_ids: [1] }, 'call_ids.0'],
    ] as const) {
      const answer = await post(`/v1/inbox/${path}`, body, KEYS.agent);
      expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
      expect(answer.body.detail).toContain(`field ${field}`);
    }
  });

  it('does not hold up a server that goes away', async () => {
    const { server, claim } = await open();
    const waiting = claim({ wait_ms: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.close({ deadlineMs: 5_000 });
    expect((await waiting).body.calls).toEqual([]);
  });
});
