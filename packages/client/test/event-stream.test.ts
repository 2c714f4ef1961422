import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEventStream, type StreamMessage } from '../src/event-stream.ts';

async function read(chunks: readonly Uint8Array[]): Promise<(StreamMessage | null | number)[]> {
  const seen: (StreamMessage | null | number)[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  await readEventStream(
    body,
    (message) => seen.push(message),
    (bytes) => seen.push(bytes),
  );
  return seen;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('reads messages, names and signs of life', async () => {
  const text = 'id: e:1\ndata: {"a":1}\n\n:\n\nid: e:2\nevent: pong\ndata: {"b":2}\n\nretry: 10\n\ndata: cut o';
  expect(await read([bytes(text)])).toEqual([
    { event: '', data: '{"a":1}' },
    null,
    { event: 'pong', data: '{"b":2}' },
    null,
  ]);
});

it('tells of bytes that complete nothing', async () => {
  expect(await read(['data: {"a":', '1', '}\n\n'].map(bytes))).toEqual([11, 1, { event: '', data: '{"a":1}' }]);
});

it('reads the same however the network cuts it, also within a character', async () => {
  const message = fc.record({
    event: fc.constantFrom('', 'lagging'),
    data: fc.string({ unit: 'grapheme', minLength: 0 }).map((text) => JSON.stringify({ text })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 8 }),
      fc.array(fc.nat(40), { maxLength: 20 }),
      async (sent, cuts) => {
        const text = sent
          .map(({ event, data }) => `id: e:1\n${event && `event: ${event}\n`}data: ${data}\n\n`)
          .join('');
        let rest = bytes(text);
        const chunks: Uint8Array[] = [];
        for (const cut of cuts) {
          chunks.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        const seen = await read([...chunks, rest]);
        expect(seen.filter((message) => typeof message !== 'number')).toEqual(sent);
      },
    ),
    { numRuns: 200 },
  );
});
