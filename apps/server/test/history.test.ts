import { describe, expect, it } from 'vitest';
import { note, wholeRun, type PublishedEvent } from './support/events.ts';
import {
  call,
  errorCode,
  errorMessage,
  eventsAddress,
  mustPublish,
  ticketFor,
  tokenFor,
  withKey,
  type HttpAnswer,
} from './support/http.ts';
import type { WireEvent } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

const service = useService();

const notes = (n: number): readonly PublishedEvent[] => Array.from({ length: n }, (_, index) => note(index + 1));

async function page(user: string, query = '', headers: Record<string, string> = withKey): Promise<HttpAnswer> {
  return call(eventsAddress(service.url, user, query), { headers });
}

const eventsOf = ({ body }: HttpAnswer): readonly WireEvent[] => body['events'] as readonly WireEvent[];
const offsetsOf = (answer: HttpAnswer): readonly number[] => eventsOf(answer).map(({ offset }) => offset);

describe('a page of history', () => {
  it('holds the events as a socket delivers them', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, wholeRun('r1', 't1'));
    const answer = await page(user);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ oldest_offset: 1, head_offset: 5, recovery: 'resumed' });
    expect(eventsOf(answer)[0]).toEqual({
      type: 'agent_started',
      offset: 1,
      event_id: expect.any(String) as unknown,
      thread_id: 't1',
      run_id: 'r1',
      timestamp: expect.any(Number) as unknown,
      payload: { agent_name: 'analyst' },
    });
  });

  it('of a user nobody published to is empty', async () => {
    const { body } = await page(freshUser());
    expect(body).toMatchObject({ events: [], head_offset: 0, recovery: 'resumed' });
  });

  it('pages through everything with from and limit', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(25));
    const { body } = await page(user);
    const seen: number[] = [];
    for (;;) {
      const answer = await page(user, `?from=${String(body['epoch'])}:${seen.at(-1) ?? 0}&limit=10`);
      if (eventsOf(answer).length === 0) break;
      seen.push(...offsetsOf(answer));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
  });

  it('says where the next begins, until there is none', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(25));
    const seen: number[] = [];
    let asked = 0;
    for (let from: string | undefined = 'earliest'; from !== undefined; asked += 1) {
      const answer: HttpAnswer = await page(user, `?from=${from}&limit=10`);
      seen.push(...offsetsOf(answer));
      from = answer.body['next_from'] as string | undefined;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
    expect(asked).toBe(3);
    const latest = await page(user, '?from=latest');
    expect([offsetsOf(latest), latest.body['recovery']]).toEqual([[], 'resumed']);
    expect(latest.body).not.toHaveProperty('next_from');
  });

  it('is read with epoch, after and next_after, too: the earlier spelling', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(5));
    const first = await page(user, '?after=0&limit=3');
    expect([offsetsOf(first), first.body['next_after']]).toEqual([[1, 2, 3], 3]);
    const rest = `epoch=${String(first.body['epoch'])}&after=3`;
    for (const query of ['after=3', rest]) expect(offsetsOf(await page(user, `?${query}`))).toEqual([4, 5]);
    const { body } = await page(user, '?after=head');
    expect(body).toMatchObject({ recovery: 'resumed', events: [] });
    expect(body).not.toHaveProperty('next_after');
  });

  it('ends before it is larger than a mebibyte, whatever the limit', async () => {
    const user = freshUser();
    const large = { type: 'app.file', payload: { text: 'x'.repeat(700_000) } };
    for (let n = 0; n < 3; n += 1) await mustPublish(service.url, user, [large]);
    const first = await page(user, '?limit=1000');
    const { epoch } = first.body;
    expect([offsetsOf(first), first.body['next_from']]).toEqual([[1], `${String(epoch)}:1`]);
    const last = await page(user, `?limit=1000&from=${String(epoch)}:2`);
    expect([offsetsOf(last), last.body['next_from']]).toEqual([[3], undefined]);
  });

  it('of threads that are rare may be empty, and says where to read on', async () => {
    const user = freshUser();
    const elsewhere = Array.from({ length: 1_000 }, (_, n) => ({ ...note(n), thread_id: 't2' }));
    for (let n = 0; n < 5; n += 1) await mustPublish(service.url, user, elsewhere);
    await mustPublish(service.url, user, [{ ...note(1), thread_id: 't1' }]);
    const first = await page(user, '?thread=t1');
    const next = String(first.body['next_from']);
    expect([offsetsOf(first), next]).toEqual([[], `${String(first.body['epoch'])}:3100`]);
    const last = await page(user, `?thread=t1&from=${next}`);
    expect([offsetsOf(last), last.body['next_from']]).toEqual([[5_001], undefined]);
  });

  it('a limit on its own is taken; 100 is the default', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(120));
    expect(offsetsOf(await page(user, '?limit=1'))).toEqual([1]);
    expect(eventsOf(await page(user))).toHaveLength(100);
  });

  it.each([
    ['another epoch', '?from=of-another-time:2'],
    ['another epoch, in the earlier spelling', '?epoch=of-another-time&after=2'],
    ['a position ahead', '?from=EPOCH:99'],
    ['a position ahead, in the earlier spelling', '?after=99'],
  ])('%s is told apart: reset, from the oldest', async (_name, query) => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const { epoch } = (await page(user)).body;
    const answer = await page(user, query.replace('EPOCH', String(epoch)));
    expect(answer.body).toMatchObject({ recovery: 'reset' });
    expect(offsetsOf(answer)).toEqual([1, 2, 3]);
  });

  it.each([
    ['limit=0', /limit/],
    ['limit=1001', /limit/],
    ['limit=ten', /limit/],
    ['from=oldest', /field from: must be earliest, latest or EPOCH:OFFSET/],
    ['from=5', /field from/],
    ['from=e1:-1', /field from/],
    ['from=earliest&from=latest', /field from/],
    ['from=earliest&after=3', /field from: takes the place of epoch and after/],
    ['from=latest&epoch=e1', /field from: takes the place of epoch and after/],
    ['after=-1', /after/],
    ['after=1.5', /after/],
    ['after=99999999999999999999', /after/],
    ['epoch=', /epoch/],
    ['limit=5&limit=6', /limit/],
  ])('%s → 400 naming the field', async (query, names) => {
    const answer = await page(freshUser(), `?${query}`);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(errorMessage(answer)).toMatch(names);
  });
});

describe('who may read it', () => {
  it('the user, with a token or a ticket', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(2));
    const bearer = { authorization: `Bearer ${await tokenFor(service.url, user)}` };
    expect(offsetsOf(await page(user, '', bearer))).toEqual([1, 2]);
    const ticket = await ticketFor(service.url, user);
    expect(offsetsOf(await page(user, `?ticket=${ticket}`, {}))).toEqual([1, 2]);
    expect((await page(user, `?ticket=${ticket}`, {})).status).toBe(401);
  });

  it('not another user → 403', async () => {
    const bearer = { authorization: `Bearer ${await tokenFor(service.url, 'mallory')}` };
    const answer = await page(freshUser(), '', bearer);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect(answer.text).not.toContain('mallory');
  });

  it('nobody without a credential → 401', async () => {
    const answer = await page(freshUser(), '', {});
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 401, code: 'CREDENTIAL_MISSING' });
    expect((await page(freshUser(), '', { authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  it('a credential for one thread reads that thread, page by page, to its end', async () => {
    const user = freshUser();
    const inThread = (thread_id: string, n: number): PublishedEvent => ({ ...note(n), thread_id });
    const others = Array.from({ length: 30 }, (_, n) => inThread('t2', n));
    await mustPublish(service.url, user, [
      inThread('t1', 1),
      ...others,
      inThread('t1', 2),
      note(3),
      ...others,
      inThread('t1', 4),
    ]);
    const bearer = { authorization: `Bearer ${await tokenFor(service.url, user, ['t1'])}` };
    const epoch = String((await page(user, '', bearer)).body['epoch']);
    const seen: WireEvent[] = [];
    for (;;) {
      const answer = await page(user, `?from=${epoch}:${seen.at(-1)?.offset ?? 0}&limit=2`, bearer);
      if (eventsOf(answer).length === 0) break;
      seen.push(...eventsOf(answer));
    }
    expect(seen.map(({ offset, thread_id }) => [offset, thread_id])).toEqual([
      [1, 't1'],
      [32, 't1'],
      [33, undefined],
      [64, 't1'],
    ]);
  });
});
