import { connect } from 'node:net';
import { ERROR_CODES, type ErrorCode } from '@ws/types';
import { expect } from 'vitest';
import { within } from './within.ts';

/** What a server answered, byte by byte. */
export interface RawAnswer {
  /** Of a refusal that came in the protocol, the status of its code. */
  readonly status: number;
  /** With what an upgrade was closed that was accepted only to say why it is refused. */
  readonly closeCode?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error: { readonly code?: string; readonly message?: string };
}

/** Sends a request as it is and reads until the server closes, or until the head of a 101 is here. */
export async function rawRequest(url: string, lines: readonly string[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  const answered = new Promise<void>((resolve, reject) => {
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) resolve();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
  socket.write([...lines, '', ''].join('\r\n'));
  try {
    await within(5_000, () => `an answer, so far: ${text}`, answered);
  } finally {
    socket.destroy();
  }
  return readAnswer(text);
}

export interface UpgradeOptions {
  readonly path?: string;
  readonly method?: string;
  /** Replaces or, with `undefined`, leaves out a header of a good handshake. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A WebSocket handshake by hand, so that any part of it can be wrong. */
export async function upgrade(
  url: string,
  { path = '/ws', method = 'GET', headers = {} }: UpgradeOptions = {},
): Promise<RawAnswer> {
  const all: Record<string, string | undefined> = {
    Host: new URL(url).host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'agent-events.v1',
    ...headers,
  };
  const fields = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`));
  return rawRequest(url, [`${method} ${path} HTTP/1.1`, ...fields]);
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const at = field.indexOf(':');
      return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()];
    }),
  );
  const body = rest.join('\r\n\r\n');
  const status = Number(first.split(' ')[1]);
  // Behind a 101 nothing comes that was not asked for, but for a refusal.
  if (status === 101 && body !== '') return { headers, body, ...readRefusal(body) };
  const isJson = /^application\/(problem\+)?json/.test(headers['content-type'] ?? '');
  const { error = {} } = isJson ? (JSON.parse(body) as { error?: RawAnswer['error'] }) : {};
  return { status, headers, body, error };
}

/** An `error` frame of 126 to 65,535 bytes or fewer, and a close frame. */
function readRefusal(text: string): Pick<RawAnswer, 'status' | 'closeCode' | 'error'> {
  const bytes = Buffer.from(text, 'latin1');
  const start = bytes[1] === 126 ? 4 : 2;
  const end = start + (bytes[1] === 126 ? bytes.readUInt16BE(2) : (bytes[1] ?? 0));
  const error = JSON.parse(bytes.toString('utf8', start, end)) as {
    readonly code: ErrorCode;
    readonly message: string;
  };
  expect(error).toMatchObject({ type: 'error', fatal: true });
  expect([bytes[0], bytes[end], bytes.length]).toEqual([0x81, 0x88, end + 2 + (bytes[end + 1] ?? 0)]);
  return { status: ERROR_CODES[error.code].status, closeCode: bytes.readUInt16BE(end + 2), error };
}
