import { describe, expect, it } from 'vitest';
import { note, wholeRun } from './support/events.ts';
import { call, errorCode, eventsAddress, mustPublish, post, publish, tokenFor, withKey } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, openService, useService } from './support/service.ts';
import { PRODUCTION } from './support/tokens.ts';

const service = useService();

describe('health', () => {
  it('healthz and readyz answer 200', async () => {
    expect((await call(`${service.url}/healthz`)).status).toBe(200);
    const ready = await call(`${service.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(ready.body).toMatchObject({ status: 'ready', mode: 'unified', log: { reachable: true } });
    // What an accepted event survives, and by which settings.
    expect(ready.body['log']).toMatchObject({
      settings: {},
      survives: { killed_process: expect.any(String) as string },
    });
  });

  it('draining: alive, not ready, and takes no events', async () => {
    const own = await openService();
    const peer = await Peer.ready(own.url, { token: await tokenFor(own.url, 'alice') });
    // One that reads nothing: the drain waits for it, so there is time to look.
    peer.socket.pause();
    for (let n = 0; n < 16; n += 1) {
      await mustPublish(own.url, 'alice', [{ ...note(n), payload: { pad: 'x'.repeat(900_000) } }]);
    }
    const closed = own.close(5_000);
    const ready = await call(`${own.url}/readyz`);
    expect({ status: ready.status, state: ready.body['status'] }).toEqual({ status: 503, state: 'draining' });
    expect((await call(`${own.url}/healthz`)).status).toBe(200);
    const answer = await publish(own.url, 'alice', [note(1)]);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 503, code: 'DRAINING' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await own.close();
    await closed;
    peer.socket.terminate();
  });
});

describe('metrics', () => {
  it('count what happened and name nobody', async () => {
    const user = `${freshUser()}-visible`;
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    await mustPublish(service.url, user, wholeRun('run-visible', 'thread-visible'));
    await publish(service.url, user, [{ type: 'bad' }]);
    await peer.frame('agent_completed');
    const { status, text, headers } = await call(`${service.url}/metrics`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('ws_events_appended_total')).toBeGreaterThanOrEqual(5);
    expect(value('ws_events_refused_total')).toBeGreaterThanOrEqual(1);
    expect(value('ws_event_frames_sent_total')).toBeGreaterThanOrEqual(5);
    expect(value('ws_connections')).toBeGreaterThanOrEqual(1);
    expect(text).not.toContain('visible');
    await peer.close();
  });
});

describe('tickets', () => {
  it('are given to holders of the key, with their end', async () => {
    const answer = await post(`${service.url}/v1/tickets`, { user_id: 'alice' }, withKey);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const left = Number(answer.body['expires_at']) - Date.now();
    expect(left).toBeGreaterThan(25_000);
    expect(left).toBeLessThanOrEqual(30_000);
  });

  it.each([
    ['no key', {}, { user_id: 'a' }, 401],
    ['no user', withKey, {}, 400],
    ['a user that is no text', withKey, { user_id: 7 }, 400],
    ['a user that is no id', withKey, { user_id: 'a b' }, 400],
  ])('%s → refused', async (_name, headers, body, status) => {
    expect((await post(`${service.url}/v1/tickets`, body, headers)).status).toBe(status);
  });
});

describe('development tokens', () => {
  it('are refused in production, and the development key with them', async () => {
    const own = await openService(PRODUCTION);
    const answer = await post(`${own.url}/dev/token`, { user_id: 'alice' });
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect((await publish(own.url, 'alice', [note(1)])).status).toBe(401);
    await own.close(0);
  });

  it('are refused without a user, and given with threads', async () => {
    expect((await post(`${service.url}/dev/token`, {})).status).toBe(400);
    expect((await post(`${service.url}/dev/token`, { user_id: 'a', threads: [] })).status).toBe(400);
    expect((await post(`${service.url}/dev/token`, { user_id: 'a', threads: 't1' })).status).toBe(400);
  });

  it('are not given to a form of another page: it can send no JSON', async () => {
    const answer = await call(`${service.url}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"user_id":"alice"}',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('token":');
  });
});

describe('isolation over HTTP', () => {
  it('publishing to one user shows nothing to another', async () => {
    const [alice, bob] = [freshUser(), freshUser()];
    await mustPublish(service.url, alice, wholeRun('r1'));
    const { body } = await call(eventsAddress(service.url, bob), { headers: withKey });
    expect(body).toMatchObject({ events: [], head_offset: 0 });
  });
});
