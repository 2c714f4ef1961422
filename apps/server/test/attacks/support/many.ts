import { RawSocket } from './raw-socket.ts';

/** Opens so many connections, does the same with each, and closes them all. */
export async function onMany(url: string, count: number, work: (socket: RawSocket) => Promise<void>): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: count }, async () => RawSocket.connect(url)));
  try {
    await Promise.all(sockets.map(work));
  } finally {
    for (const socket of sockets) socket[Symbol.dispose]();
  }
}

/** A text again and again. */
export function* endless<Text extends string | Uint8Array>(text: (n: number) => Text): Generator<Text> {
  for (let n = 0; ; n += 1) yield text(n);
}
