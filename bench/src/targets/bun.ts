// Bun's own WebSocket server, run by Bun: topics for users, and the writes of a tick corked.
import { agentEvent, Connections, Offsets, userOfUrl } from './agent-event.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

/** What is used of Bun, so that the workspace needs no types of it. */
interface BunSocket {
  readonly data: { readonly user: number };
  send(text: string): number;
  close(code?: number): void;
  cork(work: () => void): void;
}

interface BunServer {
  readonly port: number;
  upgrade(request: Request, options: { data: { user: number } }): boolean;
  stop(closeConnections?: boolean): Promise<void>;
}

declare const Bun: {
  gc(synchronous: boolean): void;
  serve(options: {
    port: number;
    hostname: string;
    fetch(request: Request, server: BunServer): Response | undefined;
    websocket: {
      perMessageDeflate: boolean;
      open(socket: BunSocket): void;
      close(socket: BunSocket): void;
      message(): void;
    };
  }): BunServer;
};

/** Bun counts from the start of its process: the machine's clock is asked once, by way of libc. */
async function monotonicBase(): Promise<number> {
  // By a name that is not a literal: only Bun has this module.
  const name = 'bun:ffi';
  const { dlopen } = (await import(name)) as {
    dlopen: (
      library: string,
      symbols: { clock_gettime: { args: string[]; returns: string } },
    ) => { symbols: { clock_gettime: (id: number, into: BigInt64Array) => number } };
  };
  const { symbols } = dlopen('libc.so.6', { clock_gettime: { args: ['i32', 'ptr'], returns: 'i32' } });
  const time = new BigInt64Array(2);
  symbols.clock_gettime(1, time);
  const [seconds = 0n, nanoseconds = 0n] = time;
  return Number(seconds) * 1_000_000 + Number(nanoseconds) / 1_000 - performance.now() * 1_000;
}

const base = await monotonicBase();

await serveTarget(
  async () => {
    const { port, sent } = targetOptions();
    const connections = new Connections<BunSocket>();
    const offsets = new Offsets(sent);
    const server = Bun.serve({
      port,
      hostname: '127.0.0.1',
      fetch(request, self) {
        return self.upgrade(request, { data: { user: userOfUrl(request.url) } })
          ? undefined
          : new Response('', { status: 400 });
      },
      websocket: {
        perMessageDeflate: false,
        open: (socket) => connections.add(socket.data.user, socket),
        close: (socket) => connections.delete(socket.data.user, socket),
        message() {},
      },
    });
    return {
      port: server.port,
      prepare() {},
      emit(user, deltas) {
        const texts = deltas.map((delta) => JSON.stringify(agentEvent(user, offsets.next(user), delta)));
        for (const socket of connections.of(user)) {
          socket.cork(() => {
            for (const text of texts) socket.send(text);
          });
        }
        return undefined;
      },
      async close() {
        for (const socket of connections.all()) socket.close(1012);
        await server.stop(false);
      },
    };
  },
  { micros: () => base + performance.now() * 1_000, collectGarbage: () => Bun.gc(true) },
);
