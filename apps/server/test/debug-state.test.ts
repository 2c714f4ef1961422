import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completed, executing, note, started } from './support/events.ts';
import { call, errorCode, mustPublish, tokenFor, withKey } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, openService, useService } from './support/service.ts';
import { makeTempFolder } from './support/temp-folder.ts';
import { PRODUCTION } from './support/tokens.ts';

const service = useService();

const state = async (query = '', headers: Record<string, string> = withKey) =>
  call(`${service.url}/debug/state${query}`, { headers });

describe('GET /debug/state', () => {
  it('tells connections, streams, open runs, counters and samples', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    await mustPublish(service.url, user, [started('r1', 't1'), executing('r1', 'c1'), note(1)]);
    await peer.frame('app.note');
    const { status, body, headers } = await state(`?user_id=${user}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      mode: 'unified',
      draining: false,
      log: { name: 'memory', reachable: true },
      node: { pid: process.pid },
      connections: [
        { user_id: user, state: 'live', threads: null, sent_offset: 3, acked_offset: 0, behind: 0, buffered_bytes: 0 },
      ],
      streams: [
        {
          user_id: user,
          head: 3,
          oldest: 1,
          connections: 1,
          open_runs: [{ run_id: 'r1', thread_id: 't1', agent_name: 'analyst', tools: ['count'], approvals: 0 }],
        },
      ],
    });
    expect(body['totals']).toMatchObject({ open_runs: 1, users: 1, connections: { live: 1 } });
    const samples = body['samples'] as readonly Record<string, number>[];
    expect(samples.at(-1)).toMatchObject({ connections: 1, open_runs: 1, max_behind: 0 });
    expect(samples.at(-1)?.['rss_bytes']).toBeGreaterThan(1e6);
    await mustPublish(service.url, user, [
      {
        type: 'tool_completed',
        run_id: 'r1',
        payload: { tool_call_id: 'c1', tool_name: 'count', success: true, duration_ms: 1 },
      },
      completed('r1'),
    ]);
    await peer.close();
  });

  it('never shows a payload or a credential', async () => {
    const user = freshUser();
    const token = await tokenFor(service.url, user);
    const peer = await Peer.ready(service.url, { token });
    await mustPublish(service.url, user, [{ type: 'app.note', payload: { text: 'between the two of us' } }]);
    await peer.frame('app.note');
    const { text } = await state();
    expect(text).toContain(user);
    expect(text).not.toContain('between');
    expect(text).not.toContain(token);
    await peer.close();
  });

  it('lists no more than was asked for', async () => {
    const users = [freshUser(), freshUser(), freshUser()];
    const peers = await Promise.all(
      users.map(async (user) => Peer.ready(service.url, { token: await tokenFor(service.url, user) })),
    );
    const { body } = await state('?limit=2');
    expect(body['connections']).toHaveLength(2);
    expect(body['streams']).toHaveLength(2);
    expect(body['totals']).toMatchObject({ users: 3 });
    await Promise.all(peers.map((peer) => peer.close()));
  });

  it.each([
    ['no key', '', {}, 401, 'CREDENTIAL_MISSING'],
    ['a wrong key', '', { authorization: 'Bearer wrong' }, 401, 'CREDENTIAL_INVALID'],
    ['a limit that is none', '?limit=-1', withKey, 400, 'BAD_REQUEST'],
    ['a limit too high', '?limit=1001', withKey, 400, 'BAD_REQUEST'],
    ['a user that is no id', '?user_id=a%20b', withKey, 400, 'BAD_REQUEST'],
  ])('%s → refused', async (_name, query, headers, status, code) => {
    const answer = await state(query, headers);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status, code });
  });

  it('is shown to keys with the scope admin only', async () => {
    using folder = makeTempFolder();
    const file = join(folder.path, 'keys.json');
    const key = (id: string, scopes: readonly string[]) => ({ id, scopes, sha256: hash('sha256', `${id}-key`) });
    writeFileSync(file, JSON.stringify({ keys: [key('reader', ['publish', 'read']), key('operator', ['admin'])] }));
    const own = await openService({ ...PRODUCTION, WS_API_KEYS_FILE: file });
    const answers = await Promise.all(
      ['reader-key', 'operator-key'].map(async (secret) =>
        call(`${own.url}/debug/state`, { headers: { authorization: `Bearer ${secret}` } }),
      ),
    );
    await own.close(0);
    expect(answers.map(({ status }) => status)).toEqual([403, 200]);
  });

  it('is not shown to a user', async () => {
    const authorization = `Bearer ${await tokenFor(service.url, 'alice')}`;
    expect((await state('', { authorization })).status).toBe(401);
  });
});
