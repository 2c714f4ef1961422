import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A way to the server that is thin: all connections through it share so many bytes a second in each direction. */
export interface SlowProxy extends AsyncDisposable {
  readonly url: string;
  /** Bytes that have come through to clients. */
  readonly bytesDown: number;
  /** Breaks all connections off, with what was under way. New ones are let through. */
  cut(): void;
}

const PIECE_BYTES = 200;

export async function startSlowProxy(target: string, bytesPerSecond: number): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const [up, down] = [new Link(bytesPerSecond), new Link(bytesPerSecond)];
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const [there, back] = [up.passage(), down.passage()];
    near.pipe(there).pipe(far);
    far.pipe(back).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const end of [near, there, back, far]) end.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bytesDown() {
      return down.bytes;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One direction. */
class Link {
  bytes = 0;
  readonly #bytesPerMs: number;
  /** When it has carried what it was given. */
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
  }

  /** The way of one connection: what is in it holds back what comes behind. */
  passage(): Transform {
    const carry = async (chunk: Buffer, passage: Transform): Promise<void> => {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        await this.#turn(piece.length);
        if (passage.destroyed) return;
        this.bytes += piece.length;
        passage.push(piece);
      }
    };
    return new Transform({
      highWaterMark: 1,
      transform(chunk: Buffer, _encoding, done) {
        carry(chunk, this).then(() => done(), done);
      },
    });
  }

  async #turn(bytes: number): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.#bytesPerMs;
    await new Promise((resolve) => setTimeout(resolve, this.#freeAt - now));
  }
}
