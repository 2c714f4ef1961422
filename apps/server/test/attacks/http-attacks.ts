import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { OPERATIONS } from '@ws/server/src/http/api/operations.ts';
import { onMany } from './support/many.ts';
import { RawSocket } from './support/raw-socket.ts';
import { upgradeLines } from './support/raw-web-socket.ts';
import { FLOODING_KEY, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

const BOMB = gzipSync(Buffer.alloc(20 * 1_024 * 1_024, ' '));

interface HttpCase {
  readonly name: string;
  readonly lines: readonly string[];
  readonly body?: string | Uint8Array;
  readonly status: number;
}

/** Soon reached by bodies of small pieces. */
export const SMALL_BODIES = { WS_MAX_BODY_BYTES: '65536' };

/** With a key: without one no body is read at all. */
const POST = [
  'POST /v1/users/mallory/events HTTP/1.1',
  'Host: a',
  'Content-Type: application/json',
  `X-API-Key: ${FLOODING_KEY}`,
];
const chunked = 'Transfer-Encoding: chunked';
/** What follows a request for those who read it in another way: nobody must ever answer it. */
const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
const EMPTY_CHUNKS = `0\r\n\r\n${SMUGGLED}`;

const MALFORMED: readonly HttpCase[] = [
  { name: 'a header of 20,000 letters', lines: ['GET / HTTP/1.1', `X: ${'a'.repeat(20_000)}`], status: 431 },
  {
    name: 'ten thousand headers',
    lines: ['GET / HTTP/1.1', 'Host: a', ...Array.from({ length: 10_000 }, (_, n) => `X-${n}: a`)],
    status: 431,
  },
  { name: 'an address of 100,000 letters', lines: [`GET /${'a'.repeat(100_000)} HTTP/1.1`, 'Host: a'], status: 431 },
  { name: 'no host', lines: ['GET / HTTP/1.1'], status: 400 },
  { name: 'two hosts', lines: ['GET /healthz HTTP/1.1', 'Host: a', 'hOST: b'], status: 400 },
  { name: 'one host, twice', lines: ['GET /healthz HTTP/1.1', 'Host: a', 'Host: a'], status: 400 },
  {
    name: 'a handshake with two hosts',
    lines: [...upgradeLines('http://a'), 'Host: b'],
    status: 400,
  },
  { name: 'something that is no HTTP', lines: ['\x16\x03\x01\x02\x00\x01\x00'], status: 400 },
  { name: 'the preface of HTTP/2', lines: ['PRI * HTTP/2.0', '', 'SM', ''], status: 400 },
  { name: 'a body that claims ten gigabytes', lines: [...POST, 'Content-Length: 10737418240'], status: 413 },
  {
    name: 'a body that is a compression bomb',
    lines: [...POST, 'Content-Encoding: gzip', `Content-Length: ${BOMB.length}`],
    body: BOMB,
    status: 400,
  },
  {
    name: 'a chunk extension of 20,000 letters',
    lines: [...POST, chunked],
    body: `1;${'a'.repeat(20_000)}\r\n`,
    status: 413,
  },
  { name: 'smuggling: both lengths', lines: [...POST, 'Content-Length: 5', chunked], body: EMPTY_CHUNKS, status: 400 },
  {
    name: 'smuggling: both lengths, the other way round',
    lines: [...POST, chunked, 'Content-Length: 5'],
    body: EMPTY_CHUNKS,
    status: 400,
  },
  {
    name: 'smuggling: two lengths',
    lines: [...POST, 'Content-Length: 0', 'Content-Length: 40'],
    body: SMUGGLED,
    status: 400,
  },
  { name: 'smuggling: a length with a sign', lines: [...POST, 'Content-Length: +0'], body: SMUGGLED, status: 400 },
  { name: 'smuggling: a negative length', lines: [...POST, 'Content-Length: -1'], body: SMUGGLED, status: 400 },
  {
    name: 'smuggling: a blank before the colon',
    lines: [...POST, 'Transfer-Encoding : chunked'],
    body: EMPTY_CHUNKS,
    status: 400,
  },
  {
    name: 'smuggling: chunked is not the last encoding',
    lines: [...POST, 'Transfer-Encoding: chunked, identity'],
    body: EMPTY_CHUNKS,
    status: 400,
  },
  {
    name: 'smuggling: a folded header',
    lines: [...POST, 'X: a', ' Transfer-Encoding: chunked'],
    body: EMPTY_CHUNKS,
    status: 400,
  },
  {
    name: 'smuggling: lines that end in LF alone',
    lines: [...POST, 'X: a\nContent-Length: 0'],
    body: SMUGGLED,
    status: 400,
  },
  {
    name: 'smuggling: a size of a chunk over all integers',
    lines: [...POST, chunked],
    body: `fffffffffffffffff\r\n{`,
    status: 400,
  },
];

async function refused({ url }: Target, { lines, body = '', status }: HttpCase): Promise<void> {
  using socket = await RawSocket.connect(url);
  socket.lines(...lines, '');
  socket.write(body);
  await socket.cutOff();
  // One answer, and the connection is over: what comes after it is not read.
  expect(socket.statuses).toEqual([status]);
}

/** Whoever goes on sending may be cut off before it has read the answer. */
function expectOnly(status: number, { statuses }: RawSocket): void {
  expect(statuses.filter((it) => it !== status)).toEqual([]);
}

/** Attacks with a single request, or with many on one connection. */
export const HTTP_ATTACKS: readonly Attack[] = [
  ...MALFORMED.map((row) => ({
    name: `${row.name} → ${row.status}, closed`,
    run: async (target: Target) => refused(target, row),
  })),
  {
    name: 'headers without an end, as fast as they are taken → 431, closed',
    run: async ({ url }) => {
      using socket = await RawSocket.connect(url);
      socket.lines('GET / HTTP/1.1');
      const sent = await socket.flood(`X: ${'a'.repeat(1_000)}\r\n`, 100_000);
      await socket.cutOff();
      expect(sent).toBeLessThan(100_000);
      expectOnly(431, socket);
    },
  },
  {
    name: 'a chunked body without an end → 413, closed',
    run: async ({ url }) => {
      using socket = await RawSocket.connect(url);
      socket.lines(...POST, chunked, '');
      const sent = await socket.flood(`400\r\n${'['.repeat(1_024)}\r\n`, 100_000);
      await socket.cutOff();
      expect(sent).toBeLessThan(100_000);
      expectOnly(413, socket);
    },
  },
  {
    name: 'many small chunk extensions → 413, closed',
    run: async ({ url }) => {
      using socket = await RawSocket.connect(url);
      socket.lines(...POST, chunked, '');
      const sent = await socket.flood(`1;${'a'.repeat(100)}\r\n[\r\n`.repeat(100), 20_000);
      await socket.cutOff();
      expect(sent).toBeLessThan(20_000);
      expectOnly(413, socket);
    },
  },
  {
    name: 'a body without a key, to all that takes one, and to what is not there → refused before it is read',
    run: async ({ url }) => {
      const takers = OPERATIONS.filter(({ body }) => body !== undefined).map(({ path }) =>
        path.replace(':userId', 'u1'),
      );
      expect(takers.length).toBeGreaterThanOrEqual(5);
      for (const path of [...takers, '/nowhere', '/v1/nowhere', '/inspector/nowhere']) {
        using socket = await RawSocket.connect(url);
        // Of the body nothing comes: whoever waits for it answers after a time, with 408.
        socket.lines(`POST ${path} HTTP/1.1`, 'Host: a', 'Content-Type: application/json', 'Content-Length: 60000', '');
        await socket.until(() => socket.statuses.length === 1, `the answer of ${path}`);
        expect({ path, refusal: socket.statuses[0] }).toEqual({
          path,
          refusal: path.includes('nowhere') ? 404 : path === '/dev/token' ? 403 : 401,
        });
      }
    },
  },
  {
    name: 'sixteen requests on one connection, none waited for → each answered, in order',
    run: async ({ url }) => {
      using socket = await RawSocket.connect(url);
      for (let round = 1; round <= 3; round += 1) {
        // In one piece, so that all of them are there before the first is answered.
        socket.write('GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(8));
        await socket.until(() => socket.statuses.length === 16 * round, 'all answers');
      }
      expect(socket.statuses).toEqual(Array.from({ length: 24 }, () => [404, 200]).flat());
    },
  },
  {
    name: 'seventeen requests on one connection, none waited for → cut off',
    run: async ({ url }) => {
      for (const path of ['/nowhere', '/healthz', '/metrics', '/docs', '/v1/events']) {
        using socket = await RawSocket.connect(url);
        socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(17));
        await socket.cutOff();
        expect(socket.statuses.length).toBeLessThan(17);
      }
    },
  },
  {
    name: 'eight thousand requests on one connection, none waited for → cut off',
    run: async ({ url }) => {
      using socket = await RawSocket.connect(url);
      await socket.flood('GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n', 8_000);
      await socket.cutOff();
      expect(socket.statuses.length).toBeLessThan(8_000);
    },
  },
  {
    name: 'a thousand connections that ask for something else than a WebSocket → 400, closed',
    run: async ({ url }) =>
      onMany(url, 1_000, async (socket) => {
        socket.lines('GET /ws HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', '');
        await socket.cutOff();
        expect(socket.statuses).toEqual([400]);
      }),
  },
];
