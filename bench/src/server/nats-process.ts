import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { takesConnections } from './takes-connections.ts';

const START_MS = 10_000;
const PROGRAMS = [process.env['NATS_SERVER_PATH'], 'nats-server', '/usr/sbin/nats-server'];

/** The NATS program of this machine, if it has one. */
export function natsProgram(): string | undefined {
  return PROGRAMS.find((program) => program !== undefined && spawnSync(program, ['--version']).status === 0);
}

/** A NATS server with JetStream of its own on a free port; its files are gone when it is stopped. */
export class NatsProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.url = `nats://127.0.0.1:${port}`;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<NatsProcess> {
    const program = natsProgram();
    if (program === undefined) throw new Error('nats-server is missing: install it or set NATS_SERVER_PATH');
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'ws-bench-nats-'));
    const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder], { stdio: 'ignore' });
    const nats = new NatsProcess(port, child, folder);
    const deadline = performance.now() + START_MS;
    while (!(await takesConnections(port))) {
      if (performance.now() < deadline && child.exitCode === null) {
        await wait(20);
        continue;
      }
      await nats.stop();
      throw new Error(`nats-server did not start within ${START_MS} ms`);
    }
    return nats;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'close');
      this.#child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
