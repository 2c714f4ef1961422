// The floor of what Node's sockets give: the upgrade by hand, frames built once in advance, one write per socket and tick. It
// encodes nothing, reads nothing, and keeps nothing.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { agentEvent, Connections, userOfUrl } from './agent-event.ts';
import { deltaText, DELTA_CHARS } from './emission.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 126, 0, 0]);
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

const FRAME = frameOf(JSON.stringify(agentEvent(0, 1, deltaText(0, DELTA_CHARS))));

await serveTarget(async () => {
  const { port } = targetOptions();
  const connections = new Connections<Socket>();
  const byCount = new Map<number, Buffer>();
  const framesFor = (deltas: readonly string[]): Buffer => {
    const [delta = ''] = deltas;
    // A stamp has to travel: that frame is built for it.
    if (delta.endsWith('@')) return frameOf(JSON.stringify(agentEvent(0, 1, delta)));
    const known = byCount.get(deltas.length);
    if (known !== undefined) return known;
    const frames = Buffer.concat(Array.from({ length: deltas.length }, () => FRAME));
    byCount.set(deltas.length, frames);
    return frames;
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      const request = bytes.toString('latin1');
      const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      const user = userOfUrl(/^GET (\S+)/.exec(request)?.[1]);
      connections.add(user, socket);
      socket.on('close', () => connections.delete(user, socket));
      socket.resume();
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
    });
  });
  server.listen({ port, host: '127.0.0.1', backlog: 511 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    prepare() {},
    emit(user, deltas) {
      const frames = framesFor(deltas);
      for (const socket of connections.of(user)) socket.write(frames);
      return undefined;
    },
    async close() {
      for (const socket of connections.all()) socket.destroy();
      server.close();
    },
  };
});
