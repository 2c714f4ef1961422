import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Acceptors, assertPortIsFree, portOptions } from '../../src/http/acceptors.ts';
import { limitSockets } from '../../src/limits/socket-limit.ts';

const HOST = '127.0.0.1';
const CLIENTS = 64;

async function listening(
  prepare: (server: Server) => void = () => undefined,
): Promise<{ server: Server; acceptors: Acceptors; port: number }> {
  const server = createServer((_request, response) => response.end('served'));
  prepare(server);
  server.listen(portOptions({ host: HOST, port: 0 }));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const acceptors = new Acceptors(server);
  await acceptors.listen({ host: HOST, port });
  onTestFinished(async () => {
    acceptors.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { server, acceptors, port };
}

function connectMany(port: number, count = CLIENTS): Socket[] {
  const sockets = Array.from({ length: count }, () => connect(port, HOST).on('error', () => undefined));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return sockets;
}

test.runIf(process.platform === 'linux')('several connections are accepted in one turn of the event loop', async () => {
  const { server, port } = await listening();
  let turn = 0;
  const turns: number[] = [];
  const all = new Promise<void>((resolve) => {
    server.on('connection', () => {
      turns.push(turn);
      if (turns.length === CLIENTS) resolve();
    });
  });
  const next = (): void => {
    turn += 1;
    if (turns.length < CLIENTS) setImmediate(next);
  };
  // The system makes the connections while this process does nothing for them.
  connectMany(port);
  next();
  await all;
  const inOneTurn = Math.max(...turns.map((one) => turns.filter((other) => other === one).length));
  expect(inOneTurn).toBeGreaterThan(1);
});

test('requests of all of them are served, and none listens when they are closed', async () => {
  const { server, acceptors, port } = await listening();
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, async () => (await fetch(`http://${HOST}:${port}/`)).text()),
  );
  expect(new Set(answers)).toEqual(new Set(['served']));
  acceptors.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  const [fault] = (await once(connect(port, HOST), 'error')) as [NodeJS.ErrnoException];
  expect(fault.code).toBe('ECONNREFUSED');
  server.listen(portOptions({ host: HOST, port }));
  await once(server, 'listening');
});

// A Mac has no second address to spare.
test.skipIf(process.platform === 'darwin')('another address is served as the first is', async () => {
  const { acceptors, port } = await listening();
  await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow('fetch failed');
  await acceptors.listenAlso({ host: '127.0.0.2', port });
  expect(await (await fetch(`http://127.0.0.2:${port}/`)).text()).toBe('served');
  // One that this machine does not have is passed over.
  await acceptors.listenAlso({ host: '192.0.2.1', port });
});

test('a port on which somebody listens is not shared unasked', async () => {
  const { port } = await listening();
  await expect(assertPortIsFree({ host: HOST, port })).rejects.toThrow('EADDRINUSE');
  await expect(assertPortIsFree({ host: HOST, port: 0 })).resolves.toBeUndefined();
});

test('all of them together take so many sockets', async () => {
  const { server, port } = await listening();
  const refused: string[] = [];
  limitSockets(server, {
    sockets: 10,
    connectionsPerAddress: undefined,
    trustedProxies: [],
    onRefused: (limit) => refused.push(limit),
  });
  const sockets = connectMany(port);
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(CLIENTS - 10);
  expect(refused).toEqual(Array.from({ length: CLIENTS - 10 }, () => 'sockets'));
  sockets.find(({ destroyed }) => !destroyed)?.destroy();
  await expect
    .poll(async () =>
      fetch(`http://${HOST}:${port}/`).then(
        (it) => it.text(),
        () => '',
      ),
    )
    .toBe('served');
});

test('what is over the limit of an address is refused before there is a socket for it, whichever of them it comes to', async () => {
  const refused: string[] = [];
  let made = 0;
  const { port } = await listening((server) => {
    limitSockets(server, {
      sockets: 1_000,
      // No connections, and a hundred other sockets.
      connectionsPerAddress: 0,
      trustedProxies: [],
      onRefused: (limit) => refused.push(limit),
    });
    server.on('connection', () => (made += 1));
  });
  const sockets = connectMany(port, 250);
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(150);
  expect(refused).toEqual(Array.from({ length: 150 }, () => 'sockets_per_address'));
  expect(made).toBe(100);
});
