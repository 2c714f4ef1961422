import { threadOf } from '../targets/agent-event.ts';
import type { LoadClient } from './load-client.ts';

export type DialectName = 'agent-events' | 'plain' | 'socket.io' | 'frames';

/** How one kind of server is spoken to. */
export interface Dialect {
  /** Address and extra header lines of the upgrade. */
  request(client: LoadClient): { readonly path: string; readonly headers: string };
  /** The upgrade was answered. */
  upgraded(client: LoadClient): void;
  /** A whole message arrived. */
  message(client: LoadClient, bytes: Buffer, start: number, end: number): void;
}

const LETTER_O = 0x6f;
const DIGIT_0 = 0x30;
const DIGIT_2 = 0x32;
const DIGIT_4 = 0x34;

const agentEvents: Dialect = {
  request: ({ token }) => ({
    path: '/ws',
    headers: `Sec-WebSocket-Protocol: agent-events.v1, jwt.${token}\r\n`,
  }),
  upgraded(client) {
    const { epoch, check } = client;
    // A position without an epoch asks for everything that is kept.
    const resume =
      check.last === undefined ? {} : { resume: { ...(epoch === undefined ? {} : { epoch }), offset: check.last } };
    const threads = client.oneThread ? { threads: [threadOf(client.user)] } : {};
    client.send(JSON.stringify({ type: 'hello', ...resume, ...threads }));
  },
  message(client, bytes, start, end) {
    if (bytes[start + 2] === LETTER_O) return client.check.take(bytes, start, end);
    const text = bytes.toString('utf8', start, end);
    if (text.startsWith('{"type":"connection_ready"')) {
      // The frame just named itself; the server under test is this project's own.
      const { epoch, offset, head_offset, recovery } = JSON.parse(text) as {
        epoch: string;
        offset: number;
        head_offset: number;
        recovery: string;
      };
      if (recovery === 'reset') client.check.missed += 1;
      client.epoch = epoch;
      client.check.last ??= offset;
      client.becameReady(head_offset);
    } else if (text.startsWith('{"type":"server_draining"')) {
      client.reconnectAfterMs = (JSON.parse(text) as { reconnect_after_ms: number }).reconnect_after_ms;
    }
  },
};

const plain: Dialect = {
  request: ({ user }) => ({ path: `/?user=${user}`, headers: '' }),
  upgraded: (client) => client.becameReady(undefined),
  message: (client, bytes, start, end) => client.check.take(bytes, start, end),
};

/** A server that sends the same event again and again: frames are counted, not their numbers. */
const frames: Dialect = { ...plain, message: (client, bytes, start, end) => client.check.count(bytes, start, end) };

/** `42["agent_event",` */
const SOCKET_IO_EVENT_AT = '42["agent_event",'.length;

const socketIo: Dialect = {
  request: ({ user }) => ({ path: `/socket.io/?EIO=4&transport=websocket&user=${user}`, headers: '' }),
  upgraded() {},
  message(client, bytes, start, end) {
    if (bytes[start] === DIGIT_2) return client.send('3');
    if (bytes[start] === DIGIT_0) {
      const { pid, lastPacket } = client.recovery;
      const known =
        pid === undefined ? '' : JSON.stringify({ pid, ...(lastPacket === undefined ? {} : { offset: lastPacket }) });
      return client.send(`40${known}`);
    }
    if (bytes[start] !== DIGIT_4) return;
    if (bytes[start + 1] === DIGIT_2) {
      if (client.recovery.pid !== undefined) client.recovery.lastPacket = lastString(bytes, end);
      return client.check.take(bytes, start + SOCKET_IO_EVENT_AT, end);
    }
    if (bytes[start + 1] !== DIGIT_0) return;
    // A connect packet of Socket.IO; with recovery it names the session.
    const { pid } = JSON.parse(bytes.toString('utf8', start + 2, end)) as { pid?: string };
    client.recovery.pid = pid;
    client.becameReady(undefined);
  },
};

/** With recovery the last argument of every event is the name of its packet: `…,"name"]`. */
function lastString(bytes: Buffer, end: number): string | undefined {
  const closing = end - 2;
  const opening = bytes.lastIndexOf(0x22, closing - 1);
  return bytes[opening - 1] === 0x2c ? bytes.toString('latin1', opening + 1, closing) : undefined;
}

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'agent-events': agentEvents,
  plain,
  'socket.io': socketIo,
  frames,
};
