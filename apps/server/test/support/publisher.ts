import type { PublishedEvent } from './events.ts';
import { eventsAddress, withKey } from './http.ts';

export interface Accepted {
  readonly event: PublishedEvent;
  readonly offset: number;
}

const RETRY_MS = 25;
const PATIENCE_MS = 20_000;

/**
 * Publishes one event after the other, each again and again under its own `event_id` until the server has taken it: what a
 * publisher does that must not lose anything. `pause` is called before each event.
 */
export async function publishStubbornly(
  url: string,
  userId: string,
  events: readonly PublishedEvent[],
  pause: (index: number) => Promise<void> | void = () => undefined,
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  for (const [index, event] of events.entries()) {
    await pause(index);
    accepted.push({ event, offset: await publishUntilTaken(url, userId, event) });
  }
  return accepted;
}

async function publishUntilTaken(url: string, userId: string, event: PublishedEvent): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  let problem = 'nothing was tried';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(eventsAddress(url, userId), {
        method: 'POST',
        headers: { ...withKey, 'content-type': 'application/json' },
        body: JSON.stringify({ events: [event] }),
        signal: AbortSignal.timeout(2_000),
      });
      const text = await response.text();
      if (response.status === 200) return (JSON.parse(text) as { offsets: [number] }).offsets[0];
      problem = `${response.status} ${text}`;
      if (response.status < 500) break;
    } catch (error) {
      problem = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`event ${event.event_id} was not taken: ${problem}`);
}
