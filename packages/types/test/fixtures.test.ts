import { describe, expect, it } from 'vitest';
import {
  CLIENT_FRAME_SCHEMAS,
  CONTROL_FRAME_SCHEMAS,
  parseClientFrame,
  parseEventInput,
  parseServerMessage,
  PAYLOAD_SCHEMAS,
} from '../src/index.ts';
import clientFrames from './fixtures/client-frames.json' with { type: 'json' };
import controlFrames from './fixtures/control-frames.json' with { type: 'json' };
import events from './fixtures/events.json' with { type: 'json' };

const typesIn = (frames: readonly { type: string }[]): string[] => [...new Set(frames.map(({ type }) => type))].sort();

describe('the golden frames', () => {
  it.each(clientFrames)('of a client are read as they are: %j', (frame) => {
    expect(parseClientFrame(JSON.stringify(frame))).toEqual({ ok: true, value: frame });
  });

  it.each([...controlFrames, ...events])('of a server are read as they are: %j', (frame) => {
    expect(parseServerMessage(JSON.stringify(frame))).toEqual([{ ok: true, value: frame }]);
  });

  it('may travel as one message', () => {
    const batch = [...controlFrames, ...events];
    expect(parseServerMessage(JSON.stringify(batch))).toEqual(batch.map((value) => ({ ok: true, value })));
  });

  it('hold every type of the protocol', () => {
    expect(typesIn(clientFrames)).toEqual(Object.keys(CLIENT_FRAME_SCHEMAS).sort());
    expect(typesIn(controlFrames)).toEqual(Object.keys(CONTROL_FRAME_SCHEMAS).sort());
    expect(typesIn(events)).toEqual([...Object.keys(PAYLOAD_SCHEMAS), 'invoice_ready'].sort());
  });

  it.each(events)('can be published, without what the server adds: %j', ({ type, event_id, payload, ...more }) => {
    const { run_id, thread_id, traceparent } = more as { run_id?: string; thread_id?: string; traceparent?: string };
    const input = { type, event_id, payload, ...defined({ run_id, thread_id, traceparent }) };
    expect(parseEventInput(input)).toEqual({ ok: true, value: input });
  });

  it('are read although a newer peer says more', () => {
    expect(parseClientFrame('{"type":"ping","mood":"good"}')).toEqual({ ok: true, value: { type: 'ping' } });
    expect(parseServerMessage('{"type":"caught_up","offset":1,"mood":"good"}')).toEqual([
      { ok: true, value: { type: 'caught_up', offset: 1 } },
    ]);
  });
});

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
