import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onJsonLines } from '../json-lines.ts';
import { monotonicMicros } from '../monotonic.ts';
import type { Answer, Command, Listening, Received, Request, Usage } from './control-messages.ts';
import { Emission } from './emission.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/** What differs from runtime to runtime. */
export interface Runtime {
  readonly micros: () => number;
  readonly collectGarbage: () => void;
}

const NODE: Runtime = {
  micros: monotonicMicros,
  collectGarbage: () => {
    globalThis.gc?.();
    globalThis.gc?.();
  },
};

/** Runs a server under test: tells where it listens, and does what the benchmark asks until that ends. */
export async function serveTarget(start: () => Promise<ServerUnderTest>, runtime: Runtime = NODE): Promise<void> {
  const server = await start();
  const emission = new Emission(server, runtime.micros);

  const usage = (): Usage => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    const { emitted, refused } = emission;
    return { cpuMicros: user + system, rss, heapUsed, external, emitted, refused };
  };

  const carryOut = async (command: Command): Promise<void> => {
    switch (command.do) {
      case 'prepare':
        return server.prepare(command.users);
      case 'emit':
        return emission.start(command.plan);
      case 'stop':
        return emission.stop();
      case 'burst':
        return emission.burst(command.user, command.events, command.deltaChars);
      case 'round':
        return emission.round(command.users);
      case 'usage':
        if (command.collect) runtime.collectGarbage();
        return;
      case 'close':
        await emission.stop();
        return server.close();
    }
  };

  const answer = (socket: Socket, { id, command }: Request): void => {
    const say = (error?: string): void => {
      const reply: Answer = { id, usage: usage(), ...(error === undefined ? {} : { error }) };
      socket.write(`${JSON.stringify(reply)}\n`);
    };
    carryOut(command).then(
      () => say(),
      (error: unknown) => say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  };

  const control = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    onJsonLines<Request | Received>(socket, (message) => {
      if ('received' in message) emission.received(message.received);
      else answer(socket, message);
    });
  });
  control.listen(0, '127.0.0.1', () => {
    const listening: Listening = { port: server.port, control: (control.address() as AddressInfo).port };
    process.stdout.write(`${JSON.stringify(listening)}\n`);
  });
  // The parent holds the other end: no server is left behind when it goes.
  process.stdin.on('end', () => process.exit(1)).resume();
}
