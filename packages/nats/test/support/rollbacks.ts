import type { LogRollback } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { untilHealthy } from '@ws/test-support';
import type { NatsLogOptions } from '../../src/index.ts';
import { NatsServer } from './nats-server.ts';

const WHAT = 'an older copy of the files of the server is put back';

interface Way {
  readonly name: string;
  readonly before?: NatsLogOptions;
  /** What the log is opened with afterwards; without it the process lives on. */
  readonly after?: NatsLogOptions;
}

const WAYS: readonly Way[] = [
  { name: WHAT, after: {} },
  { name: `${WHAT}, under a process that trusts the server and lives on`, before: { onRestart: 'keep' } },
  {
    name: `${WHAT}, which is trusted, and the operator says so`,
    before: { onRestart: 'keep' },
    after: { onRestart: 'keep', newEpoch: 'restored' },
  },
];

/** Every way in which the only server comes back as it was. */
export class Rollbacks {
  readonly #open: (options: NatsLogOptions) => Promise<EventLog>;
  readonly #servers = new Map<EventLog, NatsServer>();

  constructor(open: (options: NatsLogOptions) => Promise<EventLog>) {
    this.#open = open;
  }

  get all(): readonly LogRollback[] {
    return WAYS.map(({ name, before, after }) => ({
      name,
      open: async () => {
        const server = await NatsServer.start();
        return this.#openOn(server, before);
      },
      begin: async (log) => {
        const server = this.#serverOf(log);
        await server.shutDown();
        server.backUp();
        await server.start();
        await untilHealthy(log);
      },
      rollBack: async (log) => {
        const server = this.#serverOf(log);
        if (after !== undefined) await log.close();
        await server.kill();
        server.restore();
        await server.start();
        if (after !== undefined) return this.#openOn(server, after);
        await untilHealthy(log);
        return log;
      },
    }));
  }

  /** Ends the server of a log. */
  async end(log: EventLog): Promise<void> {
    await this.#servers.get(log)?.stop();
    this.#servers.delete(log);
  }

  async #openOn(server: NatsServer, options: NatsLogOptions = {}): Promise<EventLog> {
    const log = await this.#open({ url: server.url, checkIntervalMs: 300, ...options });
    this.#servers.set(log, server);
    return log;
  }

  #serverOf(log: EventLog): NatsServer {
    const server = this.#servers.get(log);
    if (server === undefined) throw new Error('the log was opened elsewhere');
    return server;
  }
}
