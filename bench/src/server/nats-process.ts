import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, findProgram, freePort, untilItAnswers } from '@ws/test-support';
import { takesConnections } from './takes-connections.ts';

/** The NATS program of this machine, if it has one. */
export function natsProgram(): string | undefined {
  return findProgram('NATS_SERVER_PATH', ['nats-server']).path;
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
    try {
      await untilItAnswers('nats-server', child, () => takesConnections(port));
    } catch (error) {
      await nats.stop();
      throw error;
    }
    return nats;
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
