import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer } from '@ws/server/src/http/http-server.ts';
import { RequestsInTurn } from '@ws/server/src/http/requests-in-turn.ts';
import { RawSocket } from '../attacks/support/raw-socket.ts';

const STATUSES = [401, 404, 413, 415, 429, 503] as const;
const MEGABYTES = [1, 5, 20] as const;
const TIMES = 10;

let server: Server;
let url: string;

/** Those behind whose answer the connection is closed, as the service does it; a client may ask for it with any other. */
const CLOSING: ReadonlySet<number> = new Set([413, 503]);

/** Answers with the status in the address, as soon as the headers are there. */
beforeAll(async () => {
  server = createHttpServer({
    listener: ({ url: path = '/' }, response) => {
      const status = Number(path.slice(1));
      response.writeHead(status, CLOSING.has(status) ? { connection: 'close' } : {}).end(`refused with ${path}`);
    },
    requests: new RequestsInTurn(() => undefined),
    requestTimeoutMs: 30_000,
    tls: undefined,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const PYTHON = `
import sys, urllib.error, urllib.request
url, megabytes, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
body = b'x' * (megabytes * 1000000)
for path in sys.argv[4:]:
    for n in range(times):
        try:
            urllib.request.urlopen(url + '/' + path, data=body)
        except urllib.error.HTTPError as refusal:
            print(refusal.code, refusal.read().decode())
        except Exception as fault:
            print(repr(fault))
`;

/** What Python's `urllib` has heard, a line for each request. */
async function heardByPython(
  megabytes: number,
  times: number,
  statuses: readonly number[],
): Promise<readonly string[]> {
  const args = ['-c', PYTHON, url, String(megabytes), String(times), ...statuses.map(String)];
  const python = spawn('python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  python.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(python, 'close');
  return output.trim().split('\n');
}

async function heardByFetch(megabytes: number, times: number, statuses: readonly number[]): Promise<readonly string[]> {
  const body = Buffer.alloc(megabytes * 1_000_000, 'x');
  const heard: string[] = [];
  for (const status of statuses) {
    for (let n = 0; n < times; n += 1) {
      heard.push(
        await fetch(`${url}/${status}`, { method: 'POST', body }).then(
          async (answer) => `${answer.status} ${await answer.text()}`,
          (error: unknown) => String(error),
        ),
      );
    }
  }
  return heard;
}

const refusals = (times: number, statuses: readonly number[]): readonly string[] =>
  statuses.flatMap((status) => Array.from({ length: times }, () => `${status} refused with /${status}`));

// Where CI=true a missing Python is a failure, elsewhere its tests are skipped.
const isPythonMissing = spawnSync('python3', ['--version']).status !== 0 && process.env['CI'] !== 'true';

describe('a refusal is heard by a client that is still sending', { timeout: 60_000 }, () => {
  it.each(MEGABYTES)('fetch of Node, %d MB', async (megabytes) => {
    expect(await heardByFetch(megabytes, TIMES, [401])).toEqual(refusals(TIMES, [401]));
  });

  it.skipIf(isPythonMissing).each(MEGABYTES)('urllib of Python, %d MB', async (megabytes) => {
    expect(await heardByPython(megabytes, TIMES, [401])).toEqual(refusals(TIMES, [401]));
  });

  it('whatever its status', async () => {
    expect(await heardByFetch(5, 2, STATUSES)).toEqual(refusals(2, STATUSES));
  });

  it.skipIf(isPythonMissing)('whatever its status, with urllib of Python', async () => {
    expect(await heardByPython(5, 2, STATUSES)).toEqual(refusals(2, STATUSES));
  });
});

describe('a client that goes on sending after a refusal', { timeout: 30_000 }, () => {
  const head = ['POST /401 HTTP/1.1', 'Host: a', 'Content-Length: 10737418240', ''];

  it('has the whole answer, and is cut off after 64 MiB', async () => {
    using socket = await RawSocket.connect(url);
    socket.lines(...head);
    const sent = await socket.flood(Buffer.alloc(1_048_576, 'x'), 1_000);
    await socket.cutOff();
    expect(socket.text).toContain('refused with /401');
    expect(sent).toBeGreaterThanOrEqual(64);
    // What the operating system has taken of it meanwhile comes on top.
    expect(sent).toBeLessThan(200);
  });

  it('has the whole answer, and is cut off after five seconds where it is slow', async () => {
    using socket = await RawSocket.connect(url);
    socket.lines(...head);
    await socket.until(() => socket.text.includes('refused with /401'), 'the answer');
    const answered = performance.now();
    await socket.cutOff();
    expect(performance.now() - answered).toBeGreaterThan(4_000);
    expect(performance.now() - answered).toBeLessThan(8_000);
  });

  it('has one answer, also where what follows is not HTTP', async () => {
    using socket = await RawSocket.connect(url);
    socket.lines('POST /401 HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '');
    await socket.until(() => socket.statuses.length === 1, 'the answer');
    socket.lines('no length of a chunk');
    await socket.cutOff();
    expect(socket.statuses).toEqual([401]);
  });

  it('keeps its connection where it sends the body to its end', async () => {
    using socket = await RawSocket.connect(url);
    socket.lines('POST /401 HTTP/1.1', 'Host: a', 'Content-Length: 5', '');
    await socket.until(() => socket.statuses.length === 1, 'the first answer');
    socket.write('12345');
    socket.lines('GET /404 HTTP/1.1', 'Host: a', '');
    await socket.until(() => socket.statuses.length === 2, 'the second answer');
    expect(socket.statuses).toEqual([401, 404]);
  });

  it('collects no listeners on a connection that carries many of its requests', async () => {
    const connected = once(server, 'connection') as Promise<[Socket]>;
    using client = await RawSocket.connect(url);
    const [socket] = await connected;
    const counts: number[] = [];
    for (let n = 1; n <= 3; n += 1) {
      client.lines('POST /401 HTTP/1.1', 'Host: a', 'Content-Length: 5', '');
      await client.until(() => client.statuses.length === 2 * n - 1, 'the answer');
      client.write('12345');
      client.lines('GET /404 HTTP/1.1', 'Host: a', '');
      await client.until(() => client.statuses.length === 2 * n, 'the answer behind the body');
      counts.push(socket.listenerCount('close'));
    }
    expect(new Set(counts).size).toBe(1);
  });
});
