import { expect } from 'vitest';
import { Peer, type WireFrame } from '../support/peer.ts';
import { loneRequest } from './support/lone-request.ts';
import type { Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

interface JsonCase {
  readonly name: string;
  /** A frame, after hello. */
  readonly frame: string;
  /** The code of the error that answers it, or the type of the frame that does. */
  readonly answer: string;
}

const PROTOTYPES = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

const FRAMES: readonly JsonCase[] = [
  { name: 'one level over the limit', frame: `{"type":"ping","a":${nested(128)}}`, answer: 'BAD_JSON' },
  { name: 'thirty thousand levels', frame: `{"type":"ping","a":${nested(30_000)}}`, answer: 'BAD_JSON' },
  { name: 'thirty thousand levels, never closed', frame: '{"a":'.repeat(10_000), answer: 'BAD_JSON' },
  { name: 'keys of the prototype', frame: `{"type":"ping",${PROTOTYPES}}`, answer: 'pong' },
  { name: 'a type that is a key of every object', frame: '{"type":"toString"}', answer: 'UNKNOWN_FRAME' },
  { name: 'a type of the prototype', frame: '{"type":"__proto__"}', answer: 'UNKNOWN_FRAME' },
  { name: 'a key twice: the last one counts', frame: '{"type":"dance","type":"ping"}', answer: 'pong' },
  { name: 'a key twice, written in two ways', frame: '{"type":"ping","\\u0074ype":"dance"}', answer: 'UNKNOWN_FRAME' },
  { name: 'a number over all numbers', frame: '{"type":"ack","offset":1e400}', answer: 'INVALID_FRAME' },
  {
    name: 'a number over all integers',
    frame: '{"type":"ack","offset":99999999999999999999}',
    answer: 'INVALID_FRAME',
  },
  {
    name: 'a number of sixty thousand digits',
    frame: `{"type":"ack","offset":${'9'.repeat(60_000)}}`,
    answer: 'INVALID_FRAME',
  },
  { name: 'a negative number', frame: '{"type":"ack","offset":-1}', answer: 'INVALID_FRAME' },
  { name: 'an id that is a path', frame: '{"type":"cancel_run","run_id":"../../etc/passwd"}', answer: 'RUN_NOT_OPEN' },
  { name: 'an id with a zero byte', frame: '{"type":"cancel_run","run_id":"a\\u0000b"}', answer: 'INVALID_FRAME' },
  { name: 'an id of the prototype', frame: '{"type":"cancel_run","run_id":"__proto__"}', answer: 'RUN_NOT_OPEN' },
];

async function isAnswered(target: Target, { frame, answer }: JsonCase): Promise<void> {
  const peer = await Peer.ready(target.url, { token: await target.token() });
  peer.sayText(frame);
  const isAnswer = ({ type, code }: WireFrame): boolean => type === answer || code === answer;
  await peer.frame((it) => isAnswer(it));
  peer.socket.terminate();
}

const RUN = 'r-prototype';
/** An event whose payload has the keys of every object's prototype. */
const POISONED = `{"events":[{"type":"app.note","event_id":"${RUN}","payload":{${PROTOTYPES},"toString":1}}]}`;

/** Attacks with JSON. */
export const JSON_ATTACKS: readonly Attack[] = [
  ...FRAMES.map((row) => ({
    name: `a frame with ${row.name} → ${row.answer}`,
    run: async (target: Target) => isAnswered(target, row),
  })),
  ...[nested(129), '{"events":'.repeat(50_000)].map((body, index) => ({
    name: `a body nested too deeply (${index + 1}) → 400`,
    run: async (target: Target) => {
      const { status, body: answer } = await target.postText('/v1/users/victim/events', body);
      expect({ status, code: answer['code'] }).toEqual({ status: 400, code: 'BAD_JSON' });
    },
  })),
  {
    name: 'a payload with keys of the prototype → carried as it came, and changes nothing here',
    run: async (target) => {
      const peer = await Peer.ready(target.url, { token: await target.token('victim') });
      expect((await target.postText('/v1/users/victim/events', POISONED)).status).toBe(200);
      const { payload } = await peer.frame(({ event_id }) => event_id === RUN);
      expect(Object.keys(payload as object)).toEqual(['__proto__', 'constructor', 'toString']);
      peer.socket.terminate();
      const { text } = await loneRequest(`${target.url}/openapi.json`);
      expect(text).not.toContain('polluted');
    },
  },
  {
    name: 'a body whose keys are twice there, or of the prototype, where none belongs → 422 or 400',
    run: async (target) => {
      for (const body of [
        '{"__proto__":{"events":[]}}',
        '{"events":[],"events":7}',
        '{"constructor":{"events":[]}}',
        '[]',
      ]) {
        const { status } = await target.postText('/v1/users/victim/events', body);
        expect([400, 422]).toContain(status);
      }
    },
  },
];
