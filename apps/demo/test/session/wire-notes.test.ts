import { expect, it } from 'vitest';
import { readWireNotes } from '../../src/session/wire-notes.ts';

const notes = (...frames: object[]) => readWireNotes(JSON.stringify(frames));

it('notes where connections start, events and a server that goes away, in their order', () => {
  expect(
    notes(
      { type: 'connection_ready', epoch: 'e1', offset: 3 },
      { type: 'agent_thinking', event_id: 'a', offset: 4 },
      { type: 'agent_thinking', event_id: 'b', volatile: true },
      { type: 'server_draining', reconnect_after_ms: 10 },
    ).facts,
  ).toEqual([
    { kind: 'start', epoch: 'e1', offset: 3 },
    { kind: 'event', offset: 4 },
    { kind: 'draining', reconnectAfterMs: 10 },
  ]);
});

it('notes pongs', () => {
  expect(readWireNotes('{"type":"pong","id":"round-trip-1"}').pongs).toEqual(['round-trip-1']);
});

it('makes nothing of what it can not read', () => {
  for (const data of ['{', 'null', '[null, 1]', new ArrayBuffer(1)]) {
    expect(readWireNotes(data)).toEqual({ facts: [], pongs: [] });
  }
});
