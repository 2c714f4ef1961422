import { createHub, MemoryEventLog, type EventLog, type Hub, type HubOptions } from '../../src/index.ts';
import type { Authentication } from '../../src/internal.ts';
import type { AcceptOptions } from '../../src/connection/session.ts';
import { countingIds, FakeClock, FakeSocket } from '../../src/testing.ts';

/** A hub with a clock moved by hand, a log in memory, and sockets that remember what they were sent. */
export interface World {
  readonly clock: FakeClock;
  readonly log: EventLog;
  readonly hub: Hub;
  /** Faults of background work. */
  readonly errors: unknown[];
  /** Opens a socket for a user whose credential was found good, and says hello. */
  readonly connect: (userId: string, hello?: object, options?: ConnectOptions) => FakeSocket;
  /** Opens a socket and says hello, and waits for what follows. */
  readonly connected: (userId: string, hello?: object, options?: ConnectOptions) => Promise<FakeSocket>;
  /** Opens a socket that has said nothing yet. */
  readonly accept: (options: AcceptOptions) => FakeSocket;
}

export interface ConnectOptions extends Partial<Authentication> {
  readonly authenticate?: AcceptOptions['authenticate'];
}

let worlds = 0;

export function setUp(options: HubOptions & { clock?: FakeClock } = {}): World {
  worlds += 1;
  const clock = options.clock ?? new FakeClock();
  const log = options.log ?? new MemoryEventLog();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const hub = createHub({ ids: countingIds(`w${worlds}`), onError, ...options, clock, log });
  const accept = (acceptOptions: AcceptOptions): FakeSocket => FakeSocket.open((it) => hub.accept(it, acceptOptions));
  const connect: World['connect'] = (userId, hello = {}, { authenticate, ...rest } = {}) => {
    const authentication = { userId, ...rest };
    const socket = accept({ authentication, ...(authenticate === undefined ? {} : { authenticate }) });
    socket.say({ type: 'hello', ...hello });
    return socket;
  };
  const connected: World['connected'] = async (...args) => {
    const socket = connect(...args);
    await clock.settle();
    return socket;
  };
  return { clock, log, hub, errors, connect, connected, accept };
}

/** Types of the frames a socket was sent. */
export function typesOf(socket: FakeSocket): string[] {
  return socket.frames.map((frame) => frame.type);
}

/** The frames of one type, loosely typed for matching. */
export function framesOf(socket: FakeSocket, type: string): Record<string, unknown>[] {
  return socket.frames.filter((frame) => frame.type === type).map((frame) => ({ ...frame }));
}

/** The code of the error that a promise rejects with, or what it resolved to. */
export async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
