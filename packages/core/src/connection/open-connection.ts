import { toThreadId, WebSocketError, type ConnectionId, type HelloFrame, type OpenRun, type ThreadId } from '@ws/types';
import { diagnose } from '../observe/channels.ts';
import type { UserStream } from '../stream/user-stream.ts';
import { checkUserContext } from '../user-context.ts';
import { contextOf, type Authentication } from '../authentication.ts';
import { withinArgsLimit } from './args-limit.ts';
import { Connection } from './connection.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { messageForm } from './send-buffer.ts';
import { resumePosition } from '../stream/resume-position.ts';
import type { SessionServices } from './session-services.ts';

/** A connection and whose it is. */
export interface OpenedConnection {
  readonly connection: Connection;
  readonly stream: UserStream;
}

/**
 * Answers a `hello` whose credential was found good: places the cursor, says `connection_ready`, sends snapshots where the
 * position was lost, and lets the stream take over.
 *
 * @param stillWanted - asked after each wait: the peer may be gone by then
 * @throws `THREAD_NOT_ALLOWED`, and the log's errors
 */
export async function openConnection(
  id: ConnectionId,
  socket: ConnectionSocket,
  hello: HelloFrame,
  authentication: Authentication,
  services: SessionServices,
  stillWanted: () => boolean,
): Promise<OpenedConnection | undefined> {
  const startedAt = services.clock.monotonic();
  const threads = allowedThreads('hello', hello.threads, authentication);
  const context = checkUserContext(contextOf(authentication));
  const stream = services.stream(context.stream);
  await stream.load();
  const { from = 'latest' } = hello;
  if (from !== 'latest') await stream.confirm(from);
  if (!stillWanted()) return undefined;

  const { options } = services;
  const { position, recovery } = resumePosition(from, stream);
  const view = { threads, form: messageForm(hello, options.heartbeatMs) };
  const connection = new Connection(id, socket, stream, position, view, services);

  connection.sendControl({
    type: 'connection_ready',
    connection_id: id,
    user_id: authentication.userId,
    mode: services.modes.modeFor(stream.isolatedThread),
    epoch: stream.epoch,
    offset: position,
    oldest_offset: stream.oldest,
    head_offset: stream.head,
    recovery,
    heartbeat_ms: options.heartbeatMs,
    max_message_bytes: options.maxMessageBytes,
    ...(authentication.expiresAt === undefined ? {} : { expires_at: authentication.expiresAt }),
    open_runs: openRunsOf(stream, threads),
  });
  if (recovery === 'reset') {
    for (const snapshot of stream.runSnapshots(position, (threadId) => isInView(threadId, threads)))
      connection.sendControl(snapshot);
  }
  services.limit.makeRoom(stream);
  stream.attach(connection);
  services.limit.entered(stream, connection);
  services.counters.connected += 1;
  options.onTiming?.('open', services.clock.monotonic() - startedAt);
  diagnose('agent-events:connection-open', () => ({ userId: stream.userId, connectionId: id }));
  return { connection, stream };
}

/** The open runs in a view, as `connection_ready` and the answer to `set_threads` have them. */
export function openRunsOf(stream: UserStream, threads: ReadonlySet<ThreadId> | null): readonly OpenRun[] {
  return withinArgsLimit(stream.openRuns().filter((run) => isInView(run.thread_id, threads)));
}

function isInView(threadId: string | undefined, threads: ReadonlySet<ThreadId> | null): boolean {
  return threads === null || threadId === undefined || threads.has(threadId as ThreadId);
}

/**
 * What a connection sees that asks for threads, or for none in particular; `null` is all.
 *
 * @param frame - type of the frame that asks, for the error
 * @throws `THREAD_NOT_ALLOWED`
 */
export function allowedThreads(
  frame: string,
  asked: readonly string[] | undefined,
  { threads, isolatedThread }: Authentication,
): ReadonlySet<ThreadId> | null {
  if (isolatedThread !== undefined && threads?.includes(isolatedThread) === false) {
    throw new WebSocketError('THREAD_NOT_ALLOWED', `${frame}: the credential does not allow thread ${isolatedThread}`);
  }
  const allowed = isolatedThread === undefined ? threads : [isolatedThread];
  if (asked === undefined) return allowed === undefined ? null : new Set(allowed.map(toThreadId));
  const foreign = allowed === undefined ? undefined : asked.find((threadId) => !allowed.includes(threadId));
  if (foreign !== undefined) {
    throw new WebSocketError('THREAD_NOT_ALLOWED', `${frame}: the credential does not allow thread ${foreign}`);
  }
  return new Set(asked.map(toThreadId));
}
