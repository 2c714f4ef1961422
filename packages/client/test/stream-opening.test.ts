import { expect, it, vi } from 'vitest';
import { setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const READY = {
  type: 'connection_ready',
  connection_id: 'c1',
  user_id: 'u1',
  mode: 'unified',
  epoch: 'e1',
  offset: 0,
  oldest_offset: 1,
  head_offset: 0,
  recovery: 'resumed',
  heartbeat_ms: 25_000,
  max_message_bytes: 65_536,
  open_runs: [],
};

/** A client that opens an event stream, of which the test writes what comes. */
async function opening() {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
  const asked = vi.fn(async (_url: URL | RequestInfo, _init?: RequestInit) =>
    Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  );
  const { client, clock, errors } = setup({ transports: ['sse'], fetch: asked });
  client.connect();
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  const write = async (text: string): Promise<void> => {
    stream?.enqueue(new TextEncoder().encode(text));
    // A stream takes its own time, which is none by the clock.
    await new Promise(setImmediate);
    await settle();
  };
  const states = async (pieces: readonly string[], everyMs: number): Promise<string[]> => {
    const seen = new Set<string>();
    for (const piece of pieces) {
      await clock.advance(everyMs);
      await write(piece);
      seen.add(client.state.status);
    }
    return [...seen];
  };
  return { client, errors, states };
}

it.each([
  ['an event that does not end', 'event: connection_ready\ndata: {"type":', 'x'],
  ['comments', '', ':\n\n'],
])('an event stream that brings nothing but %s is given up when its time to open is over', async (_, begin, piece) => {
  const { errors, states } = await opening();
  expect(await states([begin + piece, ...Array<string>(7).fill(piece)], 1_200)).toEqual(['connecting']);
  expect(await states([piece], 1_200)).toEqual(['waiting']);
  expect(errors.map(({ code }) => code)).toEqual(['HELLO_TIMEOUT']);
});

it('an event stream whose beginning is long has more time while it comes, at 1 kB/s', async () => {
  const { client, states } = await opening();
  const text = `event: connection_ready\ndata: ${JSON.stringify({ ...READY, more: 'x'.repeat(40_000) })}\n\n`;
  const pieces = text.match(/[^]{1,1000}/g) ?? [];
  expect(await states(pieces.slice(0, -1), 1_000)).toEqual(['connecting']);
  await states(pieces.slice(-1), 1_000);
  expect(client.state.status).toBe('live');
});
