import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { REDIS_PROGRAM } from './redis-program.ts';

const READY_WITHIN_MS = 10_000;

/** A Redis of its own for a test, on a free port, with its files in a folder of its own. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-redis-'));
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, settings: readonly string[]) {
    this.port = port;
    this.#settings = settings;
  }

  /** Starts a server; `settings` are arguments like `--appendfsync always`. */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts again, with the data that was left behind. */
  async start(): Promise<void> {
    const defaults = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    const settings = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--daemonize', 'no', '--loglevel', 'warning'];
    if (REDIS_PROGRAM === undefined) throw new Error('redis-server is missing: install it or set REDIS_SERVER_PATH');
    this.#process = spawn(REDIS_PROGRAM, [...defaults, ...settings, ...this.#settings], { stdio: 'ignore' });
    await untilItAnswers(this.port);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.kill('SIGKILL');
    await closed;
  }

  /** It is there and does not answer. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Deletes what a server that was killed left behind. */
  deleteData(): void {
    rmSync(join(this.#folder, 'appendonlydir'), { recursive: true, force: true });
    rmSync(join(this.#folder, 'dump.rdb'), { force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  // The port of a cluster's bus is 10,000 above.
  for (;;) {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    if (port < 55_000) return port;
  }
}

async function untilItAnswers(port: number): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await ping(port).catch(() => '');
    if (answer.startsWith('+PONG')) return;
    if (performance.now() > deadline) throw new Error(`redis-server on port ${port} did not start: is it installed?`);
    await wait(10);
  }
}

async function ping(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.end('PING\r\n');
    socket.setEncoding('utf8');
    let text = '';
    for await (const part of socket) text += String(part);
    return text;
  } finally {
    socket.destroy();
  }
}
