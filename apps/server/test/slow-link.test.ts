import { randomBytes } from 'node:crypto';
import { createClient } from '@ws/client';
import { expect, it, onTestFinished } from 'vitest';
import { note, type PublishedEvent } from './support/events.ts';
import { mustPublish, tokenFor } from './support/http.ts';
import { freshUser, useService } from './support/service.ts';
import { startSlowProxy } from './support/slow-proxy.ts';

const HEARTBEAT_MS = 500;
const BYTES_PER_SECOND = 8_000;
/** An event that is under way for three heartbeats. */
const LONG_CHARS = 12_000;

const service = useService({ WS_HEARTBEAT_MS: String(HEARTBEAT_MS) });

const long = (): PublishedEvent => ({
  type: 'app.long',
  payload: { text: randomBytes(LONG_CHARS).toString('base64').slice(0, LONG_CHARS) },
});

it.each(['websocket', 'sse'] as const)(
  'an event that outlasts two heartbeats on a slow link arrives whole and once, also beside a break, over %s',
  async (transport) => {
    const user = freshUser();
    const events = [note(1), note(2), long(), note(3), long(), note(4)];
    await mustPublish(service.url, user, events);
    const token = await tokenFor(service.url, user);
    await using proxy = await startSlowProxy(service.url, BYTES_PER_SECOND);
    const client = createClient({
      url: `${proxy.url}/ws`,
      token,
      transports: [transport],
      from: 'earliest',
      backoff: { minMs: 1, maxMs: 20 },
    });
    onTestFinished(() => client.close());
    const [states, offsets, payloads]: [string[], number[], unknown[]] = [[], [], []];
    client.on('state', ({ status }) => void states.push(status));
    client.on('*', ({ offset = 0, payload }) => {
      offsets.push(offset);
      payloads.push(payload);
      // The first long event is there, the second one is under way.
      if (offset === 4) proxy.cut();
    });
    client.connect();
    await expect.poll(() => offsets.at(-1), { timeout: 20_000 }).toBe(events.length);
    expect(offsets).toEqual(events.map((_, index) => index + 1));
    expect(payloads).toEqual(events.map(({ payload }) => payload));
    // Nothing but the cut has ended a connection, and the second one went on where the first was.
    expect(states).toEqual(['connecting', 'catching_up', 'waiting', 'connecting', 'catching_up', 'live']);
    expect(proxy.bytesDown).toBeLessThan(1.5 * JSON.stringify(events).length);
  },
);
