// What a careful hand gets out of `ws`: the frames of a tick in one buffer, one write per socket and tick. With PREBUILT the envelope is
// encoded once for each user, and only offset, id, time and delta are serialised. Writes go past the send queue of `ws`, which is safe only
// without compression and while `ws` itself sends nothing.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { agentEvent, Connections, Offsets, runOf, threadOf, userOfUrl } from './agent-event.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

const HEADER_BYTES = 4;
const isPrebuilt = process.env['PREBUILT'] !== undefined;

/** What encodes the event of a user, into text. */
type Encode = (user: number, offset: number, delta: string) => string;

const whole: Encode = (user, offset, delta) => JSON.stringify(agentEvent(user, offset, delta));

const envelopes: string[] = [];
let made = 0;
const prebuilt: Encode = (user, offset, delta) => {
  const envelope = (envelopes[user] ??=
    `,"type":"agent_thinking","thread_id":"${threadOf(user)}","run_id":"${runOf(user)}","event_id":"Zk3vR9qXw1Lm`);
  made += 1;
  const id = made.toString(36).padStart(7, '0');
  return `{"offset":${offset}${envelope}${id}","timestamp":${Date.now()},"payload":{"delta":${JSON.stringify(delta)}}}`;
};

/** Frames of these texts, of 126 to 65,535 bytes each, in one buffer. */
function framesOf(texts: readonly string[]): Buffer {
  const frames = Buffer.allocUnsafe(texts.reduce((bytes, { length }) => bytes + HEADER_BYTES + 3 * length, 0));
  let at = 0;
  for (const text of texts) {
    const bytes = frames.write(text, at + HEADER_BYTES);
    frames[at] = 0x81;
    frames[at + 1] = 126;
    frames.writeUInt16BE(bytes, at + 2);
    at += HEADER_BYTES + bytes;
  }
  return frames.subarray(0, at);
}

await serveTarget(async () => {
  const { port, sent } = targetOptions();
  const encode = isPrebuilt ? prebuilt : whole;
  const connections = new Connections<Socket>();
  const offsets = new Offsets(sent);
  const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false });
  server.on('connection', (webSocket, { socket, url }) => {
    const user = userOfUrl(url);
    connections.add(user, socket);
    webSocket.on('close', () => connections.delete(user, socket));
    webSocket.on('error', () => webSocket.terminate());
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    prepare() {},
    emit(user, deltas) {
      const frames = framesOf(deltas.map((delta) => encode(user, offsets.next(user), delta)));
      for (const socket of connections.of(user)) socket.write(frames);
      return undefined;
    },
    async close() {
      for (const socket of connections.all()) socket.destroy();
      server.close();
    },
  };
});
