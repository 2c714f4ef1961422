import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { untilHealthy } from './until.ts';

/** A server that keeps a log, and that a test may treat badly. */
export interface TestServer {
  /** Starts again, with the data that was left behind. */
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** It is there and does not answer. */
  freeze(): void | Promise<void>;
  thaw(): void;
}

/** `kill -9`, and a start with its files. */
export function killedFault(server: () => TestServer): LogFault {
  return {
    name: 'the server is killed',
    code: 'LOG_UNAVAILABLE',
    inflict: () => server().kill(),
    heal: async (log) => {
      await server().start();
      await untilHealthy(log);
    },
  };
}

/** The server is there, and takes bytes, and says nothing. `open` opens a log on it that does not wait for long. */
export function frozenFault(server: () => TestServer, open: () => Promise<EventLog>): LogFault {
  return {
    name: 'the server does not answer',
    code: 'LOG_UNAVAILABLE',
    open,
    inflict: () => server().freeze(),
    heal: async (log) => {
      server().thaw();
      await untilHealthy(log);
    },
  };
}
