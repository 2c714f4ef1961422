import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as companies have them: it passes HTTP on, and WebSockets only when told to. */
export interface BlockingProxy extends AsyncDisposable {
  readonly url: string;
  /** Whether WebSockets are blocked. */
  blocked: boolean;
  /** How many of the next frames over HTTP are taken and never answered: not passed on (`request`), or passed on (`answer`). */
  readonly lost: { request: number; answer: number };
  /** Frames over HTTP that are lost, and awaited still. */
  readonly unanswered: number;
  /** Upgrades that were asked for so far. */
  readonly upgrades: number;
  /** Requests that were passed on so far, as `METHOD path`. */
  readonly requests: readonly string[];
  /** Cuts every connection. */
  cut(): void;
}

export async function startBlockingProxy(target: string): Promise<BlockingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let upgrades = 0;
  let unanswered = 0;
  let blocked = true;
  const lost = { request: 0, answer: 0 };

  const server = createServer((request, response) => {
    const { method, url = '/', headers } = request;
    requests.push(`${method} ${url}`);
    if (method === 'POST' && lost.request > 0) {
      lost.request -= 1;
      unanswered += 1;
      response.on('close', () => (unanswered -= 1));
      request.resume();
      return;
    }
    const passed = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      if (method === 'POST' && lost.answer > 0) {
        lost.answer -= 1;
        answer.resume();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
  server.on('upgrade', (request, socket, head) => {
    upgrades += 1;
    if (blocked) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const onward = connect(Number(port), hostname);
    const fields = request.rawHeaders.flatMap((name, n) =>
      n % 2 === 0 ? [`${name}: ${request.rawHeaders[n + 1]}`] : [],
    );
    onward.write([`GET ${request.url} HTTP/1.1`, ...fields, '', ''].join('\r\n'));
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get blocked() {
      return blocked;
    },
    set blocked(now) {
      blocked = now;
    },
    get upgrades() {
      return upgrades;
    },
    lost,
    get unanswered() {
      return unanswered;
    },
    requests,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
