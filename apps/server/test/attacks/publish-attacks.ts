import { request } from 'node:http';
import { expect } from 'vitest';
import { completed, started } from '../support/events.ts';
import { eventsAddress } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { bearer, FLOODING_KEY, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

/** How long a flood goes on, in milliseconds. */
const FLOOD_MS = 3_000;
/** Requests at a time. */
const AT_ONCE = 4;

/** Made once: what the attacker's own process does must not be measured. */
const LARGE_BODY = Buffer.from(
  JSON.stringify({ events: [{ type: 'app.file', payload: { text: 'x'.repeat(1_000_000) } }] }),
);

async function publishLarge(target: Target, userId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...bearer(FLOODING_KEY),
      'content-type': 'application/json',
      'content-length': LARGE_BODY.length,
    };
    const url = eventsAddress(target.url, userId);
    const sent = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      answer.once('error', reject);
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(LARGE_BODY);
  });
}

/** An approval whose arguments are so many bytes of JSON and a few. */
const approval = (n: number, bytes: number): object => ({
  type: 'tool_approval_requested',
  run_id: 'r1',
  payload: { tool_call_id: `c${n}`, tool_name: 'write', args: { text: 'x'.repeat(bytes) }, expires_at: 9e12 },
});

/** Attacks with what a publisher may do. */
export const PUBLISH_ATTACKS: readonly Attack[] = [
  {
    name: 'events of a megabyte by one key after which no pause comes → they have their turn, other keys theirs, and at last 429',
    isMeasured: true,
    run: async (target) => {
      const statuses: number[] = [];
      const until = performance.now() + FLOOD_MS;
      const one = async (): Promise<void> => {
        while (performance.now() < until) statuses.push(await publishLarge(target, 'reader'));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      // On a fast machine the key's bytes of ten seconds are used up before the flood is over.
      expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
    },
  },
  {
    name: 'forty-eight approvals with arguments that no connection could be told of → 413, and connection_ready stays small',
    // With the other key: that of the flood has used up its bytes.
    run: async (target) => {
      await target.publish('approver', [started('r1')]);
      for (let n = 0; n < 48; n += 1) {
        const { status, body } = await target.publish('approver', [approval(n, 900_000)]);
        expect({ status, code: body['code'] }).toEqual({ status: 413, code: 'EVENT_TOO_BIG' });
        expect((await target.publish('approver', [approval(n, 60_000)])).status).toBe(200);
      }
      const peer = await Peer.ready(target.url, { token: await target.token('approver') });
      expect(JSON.stringify(peer.frames[0]).length).toBeLessThan(300_000);
      await peer.close();
      await target.publish('approver', [completed('r1')]);
    },
  },
];
