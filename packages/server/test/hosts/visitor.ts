import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocket } from 'ws';
import { KEY } from './contract.ts';
import type { RunningHost } from './running-host.ts';

const PATIENCE_MS = 15_000;

export interface SeenFrame {
  readonly type: string;
  readonly offset?: number;
  readonly epoch?: string;
  readonly code?: string;
  readonly ref?: string;
  readonly recovery?: string;
  readonly payload?: { readonly text?: string; readonly status?: string; readonly final_response?: string };
}

export interface VisitOptions {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: string;
  /** What `hello` says. @default from the beginning */
  readonly hello?: object;
}

/** A client that keeps to the protocol by hand, over a WebSocket of `ws`. */
export class Visitor {
  readonly socket: WebSocket;
  readonly frames: SeenFrame[] = [];
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as SeenFrame));
  }

  /** Connects and says hello. */
  static async of(host: RunningHost, userId: string, options: VisitOptions = {}): Promise<Visitor> {
    const { path = host.webSocketPath, headers = { cookie: `session=${userId}` }, protocol = SUBPROTOCOL } = options;
    const visitor = new Visitor(new WebSocket(host.url.replace('http', 'ws') + path, protocol, { headers }));
    const opened = once(visitor.socket, 'open');
    const refused = once(visitor.socket, 'unexpected-response').then(async ([, answer]) => {
      const { statusCode = 0 } = answer as IncomingMessage;
      let body = '';
      for await (const chunk of answer as IncomingMessage) body += String(chunk);
      throw new RefusedUpgrade(statusCode, body);
    });
    await Promise.race([
      opened,
      refused,
      visitor.closed.then((code) => fail(`closed with ${code} before it was open`)),
    ]);
    visitor.say({ type: 'hello', ...(options.hello ?? { from: 'earliest' }) });
    return visitor;
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  get notes(): readonly string[] {
    return this.frames.flatMap(({ type, payload }) => (type === 'note' ? [payload?.text ?? ''] : []));
  }

  /** Waits for a frame. */
  async frame(isIt: (frame: SeenFrame) => boolean): Promise<SeenFrame> {
    return until(
      () => this.frames.find(isIt),
      () => `frames were ${JSON.stringify(this.frames).slice(0, 500)}`,
    );
  }

  async ofType(type: string): Promise<SeenFrame> {
    return this.frame((frame) => frame.type === type);
  }
}

export class RefusedUpgrade extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the upgrade was refused with ${status}: ${body}`);
    this.status = status;
    this.body = body;
  }
}

/** Publishes notes, and answers their offsets. */
export async function publish(
  host: RunningHost,
  userId: string,
  ...texts: readonly string[]
): Promise<readonly number[]> {
  const events = texts.map((text) => ({ type: 'note', payload: { text } }));
  const answer = await call(host, `/v1/users/${userId}/events`, { events });
  if (!answer.ok) fail(`publishing was answered with ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { readonly offsets: readonly number[] }).offsets;
}

/** A call of a back end. */
export async function call(host: RunningHost, path: string, body: object): Promise<Response> {
  return fetch(host.api + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Waits until a question has an answer. */
export async function until<Result>(
  ask: () => Result | undefined | false | Promise<Result | undefined | false>,
  describe: () => string,
): Promise<Result> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) fail(`waited for too long: ${describe()}`);
    await wait(20);
  }
}

function fail(why: string): never {
  throw new Error(why);
}
