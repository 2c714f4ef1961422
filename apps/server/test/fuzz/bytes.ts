import fc from 'fast-check';
import { frame } from '../attacks/support/frames.ts';

/** Bytes for the HTTP port: noise, and requests with something cut out or put in. */
const TEMPLATES = [
  'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /v1/frames HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"type":"ping"}',
  'POST /v1/frames HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: agent-events.v1\r\n\r\n',
];

const bytes = fc.uint8Array({ maxLength: 200 });
const edit = fc.tuple(
  fc.nat(400),
  fc.nat(20),
  fc.oneof(
    bytes,
    fc.string().map((it) => Buffer.from(it)),
  ),
);

export const httpBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 1, arbitrary: bytes },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...TEMPLATES), { minLength: 1, maxLength: 3 }), fc.array(edit, { maxLength: 3 }))
      .map(([requests, edits]) => edited(Buffer.from(requests.join('')), edits)),
  },
);

function edited(from: Buffer, edits: readonly (readonly [number, number, Uint8Array])[]): Buffer {
  return edits.reduce<Buffer>((it, [place, cut, put]) => {
    const at = it.length === 0 ? 0 : place % it.length;
    return Buffer.concat([it.subarray(0, at), put, it.subarray(at + cut)]);
  }, from);
}

const FRAMES = [
  '{"type":"hello"}',
  '{"type":"hello","resume":{"epoch":"e","offset":0},"threads":["t"],"batch":true}',
  '{"type":"ping","id":"p"}',
  '{"type":"ack","offset":1}',
  '{"type":"auth","token":"t"}',
  '{"type":"user_message","message_id":"m","payload":{"text":"x"}}',
  '{"type":"cancel_run","run_id":"r"}',
  '{"type":"tool_approval","tool_call_id":"c","run_id":"r","approved":true}',
];

const text = fc.oneof(
  fc.constantFrom(...FRAMES).map((it) => Buffer.from(it)),
  fc
    .tuple(fc.constantFrom(...FRAMES), fc.array(edit, { maxLength: 2 }))
    .map(([it, edits]) => edited(Buffer.from(it), edits)),
  fc.json().map((it) => Buffer.from(it)),
  bytes,
);

/** What is sent on an open WebSocket: frames right and wrong, and noise. */
export const socketBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: text.map((it) => frame(1, it)) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.nat(15), text, fc.record({ fin: fc.boolean(), masked: fc.boolean(), reserved: fc.nat(7) }))
          .map(([opcode, it, parts]) => frame(opcode, it, parts)),
      },
      { weight: 1, arbitrary: bytes },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));
