import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface PublishOrder {
  readonly port: number;
  readonly key: string;
  /** Request `n` publishes to user `n % users`. */
  readonly users: number;
  readonly atOnce: number;
  readonly seconds: number;
}

const BODY = '{"events":[{"type":"app.note","payload":{"text":"a note of some forty characters, as it is"}}]}';

/**
 * Publishes one event a request, on so many connections that each wait for their answer. Answers how many were taken.
 *
 * @throws for an answer that is not 200
 */
export async function publishes({ port, key, users, atOnce, seconds }: PublishOrder): Promise<number> {
  const requests = Array.from({ length: users }, (_, user) =>
    [
      `POST /v1/users/publish-${user}/events HTTP/1.1`,
      'Host: bench',
      `Authorization: Bearer ${key}`,
      'Content-Type: application/json',
      `Content-Length: ${BODY.length}`,
      '',
      BODY,
    ].join('\r\n'),
  );
  let sent = 0;
  let taken = 0;
  const failed: string[] = [];
  const end = performance.now() + seconds * 1_000;
  const sockets = Array.from({ length: atOnce }, () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    const next = (): void => {
      received = '';
      if (performance.now() < end) socket.write(requests[sent++ % users] ?? '');
    };
    socket.setEncoding('latin1').on('connect', next);
    socket.on('data', (text: string) => {
      received += text;
      if (!isWhole(received)) return;
      if (received.startsWith('HTTP/1.1 200 ')) taken += 1;
      else failed.push(received);
      next();
    });
    socket.on('error', (error) => failed.push(error.message));
    return socket;
  });
  await wait(seconds * 1_000);
  for (const socket of sockets) socket.destroy();
  const [first] = failed;
  if (first !== undefined) throw new Error(`${failed.length} publishes failed, the first with: ${first.slice(0, 500)}`);
  return taken;
}

/** Whether an answer of a known length has come to its end. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const length = Number(/content-length: (\d+)/i.exec(answer.slice(0, head))?.[1] ?? 0);
  return answer.length >= head + 4 + length;
}
