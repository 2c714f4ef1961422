import { describe, expect, it } from 'vitest';
import { connected, record } from './support/setup.ts';

const TEXT = `${'x'.repeat(30_000)} "quoted" 😀`;

/** The text of an event as messages of parts that end anywhere, also within a character. */
function partsOf(text: string, chars: number): object[] {
  const pieces = Array.from({ length: Math.ceil(text.length / chars) }, (_, seq) =>
    text.slice(seq * chars, (seq + 1) * chars),
  );
  return pieces.map((data, seq) => ({ type: 'frame_part', seq, last: seq === pieces.length - 1, data }));
}

describe('a frame in parts', () => {
  it.each([1_001, 29_999, 100_000])('of %i characters is handed out when it is whole', async (chars) => {
    const { client, server } = await connected();
    const seen = record(client);
    const texts: unknown[] = [];
    client.on('agent_thinking', ({ payload }) => void texts.push(payload.delta));
    const event = server.append('agent_thinking', { delta: TEXT });
    const parts = partsOf(JSON.stringify(event), chars);
    for (const part of parts.slice(0, -1)) server.connection.send(part);
    expect(seen).toEqual([]);
    for (const part of parts.slice(-1)) server.connection.send(part);
    server.emit('agent_thinking', { delta: 'next' });
    expect([seen, texts]).toEqual([
      [1, 2],
      [TEXT, 'next'],
    ]);
  });

  it('is a sign of life while it comes, however long it takes', async () => {
    const { client, server, clock } = await connected();
    server.manners = 'silent';
    const event = server.append('agent_thinking', { delta: TEXT });
    for (const part of partsOf(JSON.stringify(event), 1_000)) {
      await clock.advance(24_000);
      server.connection.send(part);
    }
    expect([client.state.status, server.connections.length]).toEqual(['live', 1]);
  });

  it.each<[string, object[]]>([
    ['begins in the middle', [{ type: 'frame_part', seq: 1, last: true, data: '{}' }]],
    [
      'is broken off by another frame',
      [
        { type: 'frame_part', seq: 0, last: false, data: '{' },
        { type: 'pong', timestamp: 1 },
      ],
    ],
  ])('that %s costs the connection', async (_what, messages) => {
    const { client, server, errors } = await connected();
    for (const message of messages) server.connection.send(message);
    expect([client.state.status, errors.map(({ code }) => code)]).toEqual(['waiting', ['PROTOCOL_VIOLATION']]);
  });
});

it('a client that hears much and has nothing to say pings once in each interval', async () => {
  const { server, clock } = await connected({ ack: 'manual' });
  for (let turn = 0; turn < 10; turn += 1) {
    await clock.advance(10_000);
    server.emit('agent_thinking', { delta: 'x' });
  }
  expect(server.connection.frames('ping')).toHaveLength(4);
});
