import { afterAll, afterEach, beforeAll } from 'vitest';
import { openNatsLog, type NatsEventLog, type NatsLogOptions } from '../../src/index.ts';
import { NATS } from './nats-program.ts';
import { NatsServer } from './nats-server.ts';

/** A server for the tests of a file, and logs on it, closed after each test. */
export function useServer(settings = '') {
  let server: NatsServer | undefined;
  let opened = 0;
  const logs: NatsEventLog[] = [];
  beforeAll(async () => {
    if (!NATS.isSkipped) server = await NatsServer.start(settings);
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  afterAll(() => server?.stop());
  const running = (): NatsServer => {
    if (server === undefined) throw new Error('the server was not started');
    return server;
  };
  return {
    get server() {
      return running();
    },
    /** A prefix that no other test uses. */
    newPrefix: () => `test_${(opened += 1)}`,
    open: (options: NatsLogOptions = {}): NatsEventLog => {
      const log = openNatsLog({
        ...(options.connection === undefined ? { url: running().url } : {}),
        checkIntervalMs: 300,
        ...options,
      });
      logs.push(log);
      return log;
    },
  };
}
