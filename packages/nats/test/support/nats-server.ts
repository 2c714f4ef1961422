import { endProcess, freePort, untilItAnswers, type TestServer } from '@ws/test-support';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { NATS } from './nats-program.ts';

/** A NATS server with JetStream of its own for a test, on a free port, with its files in a folder of its own. */
export class NatsServer implements TestServer {
  readonly port: number;
  readonly folder: string;
  readonly #own: boolean;
  readonly #settings: string;
  #process: ChildProcess | undefined;

  constructor(port: number, settings: string, folder?: string) {
    this.port = port;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'ws-nats-'));
    this.#own = folder === undefined;
    this.#settings = settings;
  }

  /** Starts a server; `settings` stand in its configuration file, `folder` is where its files go. */
  static async start(settings = '', folder?: string): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), settings, folder);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts again, with the data that was left behind. */
  async start(): Promise<void> {
    if (NATS.path === undefined) throw new Error('nats-server is missing: install it or set NATS_SERVER_PATH');
    const config = join(this.folder, 'nats.conf');
    writeFileSync(config, this.#settings);
    const args = ['-a', '127.0.0.1', '-p', String(this.port), '-js', '-sd', this.folder, '-c', config];
    this.#process = spawn(NATS.path, args, { stdio: 'ignore' });
    await untilItAnswers('nats-server', this.#process, async () => (await greetingOf(this.port)).startsWith('INFO'));
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** An orderly end. */
  async shutDown(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** It is there and does not answer: resolves when every thread of it stands still. */
  async freeze(): Promise<void> {
    this.#process?.kill('SIGSTOP');
    if (process.platform !== 'linux') return wait(100);
    while (!/\) [Tt] /.test(readFileSync(`/proc/${this.#process?.pid}/stat`, 'utf8'))) await wait(1);
  }

  /** Processor time it has used, in milliseconds (Linux). */
  cpuMs(): number {
    const [, rest = ''] = readFileSync(`/proc/${this.#process?.pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Copies the files of a server that is not running, as a backup does. */
  backUp(): void {
    cpSync(this.#data, `${this.folder}-backup`, { recursive: true });
  }

  /** Puts the copy in place of what a server that was killed left behind. */
  restore(): void {
    this.deleteData();
    renameSync(`${this.folder}-backup`, this.#data);
  }

  /** Deletes what a server that was killed left behind. */
  deleteData(): void {
    rmSync(this.#data, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    if (this.#own) rmSync(this.folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.folder, 'jetstream');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server !== undefined) await endProcess(server, signal);
  }
}

async function greetingOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    const [text] = (await once(socket, 'data')) as [string];
    return text;
  } finally {
    socket.destroy();
  }
}
