import { once } from 'node:events';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { WebSocket, type RawData } from 'ws';
import { Arrivals, listen, type BenchClient, type BenchNode } from './node.ts';

/** Socket.IO with its Redis Streams adapter, a room for each user, as its documentation shows it. */
export async function startSocketIoNode(redisUrl: string): Promise<BenchNode> {
  const redis = createClient({ url: redisUrl });
  await redis.connect();
  const { server, port } = await listen();
  const io = new Server(server, {
    transports: ['websocket'],
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
    adapter: createAdapter(redis, { maxLen: 1_000_000 }),
  });
  io.on('connection', (socket) => void socket.join(String(socket.handshake.query['user'])));
  return {
    port,
    emit: (userId, n) => io.to(userId).emit('note', { n }),
    async close() {
      await io.close();
      // The adapter's blocking read ends by itself within seconds.
      await redis.close();
    },
  };
}

/** What engine.io and Socket.IO write before a message: open, ping, and an event of the default namespace. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';

export async function connectSocketIoClient(port: number, userId: string): Promise<BenchClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&user=${userId}`);
  const arrivals = new Arrivals();
  let connected = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    connected = resolve;
  });
  socket.on('message', (data: RawData) => {
    // Text messages of `ws` are buffers.
    const text = (data as Buffer).toString();
    if (text.startsWith(EVENT)) {
      // The event's name, what was emitted, and an offset for recovery.
      const [, note] = JSON.parse(text.slice(EVENT.length)) as [string, { n: number }];
      arrivals.note(note.n);
    } else if (text.startsWith(CONNECT)) connected();
    else if (text.startsWith(OPEN)) socket.send(CONNECT);
    else if (text.startsWith(PING)) socket.send(PONG);
  });
  await once(socket, 'open');
  await ready;
  return { arrived: (n) => arrivals.wait(n), close: () => socket.close() };
}
