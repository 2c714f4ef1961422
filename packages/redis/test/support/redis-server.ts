import { endProcess, freePort, untilItAnswers, type TestServer } from '@ws/test-support';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REDIS } from './redis-program.ts';

/** A Redis of its own for a test, on a free port, with its files in a folder of its own. */
export class RedisServer implements TestServer {
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

  /** Starts a Sentinel that watches a master, and fails over half a second after it is gone. */
  static async startSentinel(name: string, masterPort: number): Promise<RedisServer> {
    const sentinel = new RedisServer(await freePort(), []);
    const settings = [
      `port ${sentinel.port}`,
      'bind 127.0.0.1',
      `dir ${sentinel.#folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`,
      `sentinel down-after-milliseconds ${name} 500`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    const file = join(sentinel.#folder, 'sentinel.conf');
    writeFileSync(file, `${settings.join('\n')}\n`);
    await sentinel.#run([file, '--sentinel']);
    return sentinel;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts again, with the data that was left behind. */
  async start(): Promise<void> {
    const defaults = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    const settings = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--daemonize', 'no', '--loglevel', 'warning'];
    await this.#run([...defaults, ...settings, ...this.#settings]);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** An orderly end: everything is on disk. */
  async shutDown(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** It is there and does not answer. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Copies its append-only file, as a backup does. */
  backUp(): void {
    cpSync(this.#data, this.#backup, { recursive: true });
  }

  /** Puts the copy in place of what a server that was killed left behind. */
  restore(): void {
    this.deleteData();
    cpSync(this.#backup, this.#data, { recursive: true });
  }

  /** Deletes what a server that was killed left behind. */
  deleteData(): void {
    rmSync(this.#data, { recursive: true, force: true });
    rmSync(join(this.#folder, 'dump.rdb'), { force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'appendonlydir');
  }

  get #backup(): string {
    return join(this.#folder, 'backup');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server !== undefined) await endProcess(server, signal);
  }

  async #run(args: readonly string[]): Promise<void> {
    if (REDIS.path === undefined) throw new Error('redis-server is missing: install it or set REDIS_SERVER_PATH');
    this.#process = spawn(REDIS.path, args, { stdio: 'ignore' });
    await untilItAnswers('redis-server', this.#process, async () => (await ping(this.port)).startsWith('+PONG'));
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
