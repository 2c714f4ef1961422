// Socket.IO as its documentation shows it: one room per user. Recovery and the adapter are chosen by the environment.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { agentEvent, Offsets, userOf } from './agent-event.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

/** The adapter does not expect a command to fail: with the client's own 5 s it ends the process when clients come back in a flood. */
const REDIS_PATIENCE_MS = 120_000;

await serveTarget(async () => {
  const { port, sent } = targetOptions();
  const { RECOVERY, REDIS_URL } = process.env;
  const offsets = new Offsets(sent);
  const redis =
    REDIS_URL === undefined
      ? undefined
      : createClient({ url: REDIS_URL, commandOptions: { timeout: REDIS_PATIENCE_MS } });
  await redis?.connect();
  const http = createServer();
  const io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    ...(RECOVERY === undefined ? {} : { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } }),
    ...(redis === undefined ? {} : { adapter: createAdapter(redis, { maxLen: 1_000_000 }) }),
  });
  io.on('connection', (socket) => {
    // A recovered socket has its rooms again.
    if (!socket.recovered) void socket.join(userOf(Number(socket.handshake.query['user'])));
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    port: (http.address() as AddressInfo).port,
    prepare() {},
    emit(user, deltas) {
      const room = userOf(user);
      for (const delta of deltas) io.to(room).emit('agent_event', agentEvent(user, offsets.next(user), delta));
      return undefined;
    },
    async close() {
      await io.close();
      redis?.destroy();
    },
  };
});
