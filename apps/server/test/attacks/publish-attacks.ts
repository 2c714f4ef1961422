import { request } from 'node:http';
import { expect } from 'vitest';
import { eventsAddress } from '../support/http.ts';
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

/** Attacks with what a publisher may do. */
export const PUBLISH_ATTACKS: readonly Attack[] = [
  {
    name: 'events of a megabyte by one key after which no pause comes → they have their turn, and other keys theirs',
    isMeasured: true,
    run: async (target) => {
      const statuses: number[] = [];
      const until = performance.now() + FLOOD_MS;
      const one = async (): Promise<void> => {
        while (performance.now() < until) statuses.push(await publishLarge(target, 'reader'));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(statuses.length).toBeGreaterThan(5);
    },
  },
];
