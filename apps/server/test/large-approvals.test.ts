import { createClient, type Client, type ClientOptions, type Transport } from '@ws/client';
import { afterEach, describe, expect, it } from 'vitest';
import { started, type PublishedEvent } from './support/events.ts';
import { call, errorCode, errorMessage, eventsAddress, mustPublish, post, publish, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

const service = useService();
const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const approval = (n: number, argsBytes: number): PublishedEvent => ({
  type: 'tool_approval_requested',
  run_id: 'r1',
  payload: {
    tool_call_id: `c${n}`,
    tool_name: 'write',
    // What stands around the text are eleven bytes.
    args: { text: String(n).padEnd(argsBytes - 11, 'x') },
    expires_at: Date.now() + 60_000,
  },
});

const textOf = (args: unknown): string => (args as { readonly text: string }).text;

/** A user whose run waits for six approvals with arguments of 60,000 bytes each. */
async function waiting(): Promise<string> {
  const user = freshUser();
  await mustPublish(service.url, user, [started('r1', 't1')]);
  for (let n = 1; n <= 6; n += 1) await mustPublish(service.url, user, [approval(n, 60_000)]);
  return user;
}

interface OpenRunFrame {
  readonly pending_approvals: readonly {
    readonly tool_call_id: string;
    readonly args: unknown;
    readonly args_omitted?: boolean;
  }[];
}

describe('arguments of an approval', () => {
  it('over 64 KiB are refused when they are published, with a sentence that says what to do', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, [started('r1')]);
    expect((await publish(service.url, user, [approval(1, 65_536)])).status).toBe(200);
    const refused = await publish(service.url, user, [approval(2, 65_537)]);
    expect({ status: refused.status, code: errorCode(refused) }).toEqual({ status: 413, code: 'EVENT_TOO_BIG' });
    expect(errorMessage(refused)).toMatch(/field args has 65537 bytes .* at most 65536/);
    const { text } = await call(`${service.url}/metrics`);
    expect(text).toMatch(/ws_limit_refusals_total\{limit="event_bytes"\} 1/);
  });

  it('over 256 KiB in all are omitted from connection_ready, which says so, and read one by one', async () => {
    const user = await waiting();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    const ready = peer.frames[0] ?? { type: '' };
    expect(JSON.stringify(ready).length).toBeLessThan(262_144 + 4_096);
    const [run] = ready['open_runs'] as readonly OpenRunFrame[];
    const omitted = run?.pending_approvals.filter(({ args_omitted }) => args_omitted === true) ?? [];
    expect(omitted.map(({ tool_call_id, args }) => [tool_call_id, args])).toEqual([
      ['c5', null],
      ['c6', null],
    ]);
    peer.say({ type: 'read_approval', run_id: 'r1', tool_call_id: 'c6' });
    const { args, ...rest } = await peer.frame('accepted');
    expect(rest).toEqual({ type: 'accepted', ref: 'c6', run_id: 'r1' });
    expect(textOf(args)).toMatch(/^6x+$/);
    await peer.close();
  });

  it('are read by nobody who may not see the thread, and only while the approval waits', async () => {
    const user = await waiting();
    const read = async (tool_call_id: string, threads?: readonly string[]) =>
      post(
        `${service.url}/v1/frames`,
        { type: 'read_approval', run_id: 'r1', tool_call_id },
        { authorization: `Bearer ${await tokenFor(service.url, user, threads)}` },
      );
    expect(errorCode(await read('c6', ['t2']))).toBe('THREAD_NOT_ALLOWED');
    expect(errorCode(await read('c7'))).toBe('APPROVAL_NOT_PENDING');
    expect(textOf((await read('c6')).body['args'])).toMatch(/^6x+$/);
  });

  it.each<Transport>(['websocket', 'sse'])(
    'are read by the client, before anybody can approve them: %s',
    async (way) => {
      const user = await waiting();
      const options: ClientOptions = {
        url: `${service.url.replace('http', 'ws')}/ws`,
        token: async () => tokenFor(service.url, user),
        transports: [way],
      };
      const client = createClient(options);
      clients.push(client);
      const early = new Promise<unknown>((resolve) => {
        client.on('ready', () => {
          client.answerApproval({ runId: 'r1', toolCallId: 'c6', approved: true }).catch(resolve);
        });
      });
      client.connect();
      expect(await early).toMatchObject({ code: 'APPROVAL_ARGS_OMITTED' });
      await expect
        .poll(() => client.openRuns[0]?.pending_approvals.map(({ args }) => (args === null ? null : textOf(args)[0])))
        .toEqual(['1', '2', '3', '4', '5', '6']);
      expect(client.openRuns[0]?.pending_approvals.some(({ args_omitted }) => args_omitted)).toBe(false);
      await client.answerApproval({ runId: 'r1', toolCallId: 'c6', approved: true });
      await expect.poll(() => client.openRuns[0]?.pending_approvals.length).toBe(5);
    },
  );

  it('that were omitted may be refused unseen', async () => {
    const user = await waiting();
    const token = await tokenFor(service.url, user);
    const refused = await post(
      `${service.url}/v1/frames`,
      { type: 'tool_approval', run_id: 'r1', tool_call_id: 'c6', approved: false },
      { authorization: `Bearer ${token}` },
    );
    expect(refused.status).toBe(200);
    const headers = { authorization: `Bearer ${token}` };
    const { epoch } = (await call(eventsAddress(service.url, user, '?limit=1'), { headers })).body;
    const page = await call(eventsAddress(service.url, user, `?from=${String(epoch)}:7`), { headers });
    expect(page.body['events']).toMatchObject([{ type: 'tool_approval_resolved', payload: { approved: false } }]);
  });
});
