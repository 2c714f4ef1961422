import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MS = 10_000;
const PROGRAMS = [process.env['REDIS_SERVER_PATH'], 'redis-server', 'valkey-server'];

/** The Redis program of this machine, if it has one. */
export function redisProgram(): string | undefined {
  return PROGRAMS.find((program) => program !== undefined && spawnSync(program, ['--version']).status === 0);
}

/** A Redis of its own on a free port, with its files in a folder of its own; both are gone when it is stopped. */
export class RedisProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #exited: Promise<unknown>;

  private constructor(program: string, port: number) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), 'ws-bench-redis-'));
    const settings = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec', '--loglevel', 'warning'];
    this.#child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', this.#folder, ...settings], {
      stdio: 'ignore',
    });
    this.#exited = once(this.#child, 'close');
  }

  static async start(): Promise<RedisProcess> {
    const program = redisProgram();
    if (program === undefined) throw new Error('redis-server is missing: install it or set REDIS_SERVER_PATH');
    const port = await freePort();
    const redis = new RedisProcess(program, port);
    const deadline = performance.now() + START_MS;
    while (!(await answers(port))) {
      if (performance.now() > deadline) {
        await redis.stop();
        throw new Error(`redis-server did not start within ${START_MS} ms`);
      }
      await wait(20);
    }
    return redis;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
