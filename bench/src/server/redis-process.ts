import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, findProgram, freePort, untilItAnswers } from '@ws/test-support';

export interface RedisStart {
  /** @default 'everysec' */
  readonly fsync?: AppendFsync;
  /** Whether it is spared the signals that a terminal sends to this process. @default false */
  readonly ownGroup?: boolean;
}

/** When Redis syncs its append-only file: before it answers, or every second. */
export type AppendFsync = 'always' | 'everysec';

/** The Redis program of this machine, if it has one. */
export function redisProgram(): string | undefined {
  return findProgram('REDIS_SERVER_PATH', ['redis-server', 'valkey-server']).path;
}

/** A Redis of its own on a free port, with its files in a folder of its own; both are gone when it is stopped. */
export class RedisProcess {
  readonly port: number;
  readonly #program: string;
  readonly #start: Required<RedisStart>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-bench-redis-'));
  #child: ChildProcess | undefined;

  private constructor(program: string, port: number, { fsync = 'everysec', ownGroup = false }: RedisStart) {
    this.#program = program;
    this.port = port;
    this.#start = { fsync, ownGroup };
  }

  static async start(start: RedisStart = {}): Promise<RedisProcess> {
    const program = redisProgram();
    if (program === undefined) throw new Error('redis-server is missing: install it or set REDIS_SERVER_PATH');
    const redis = new RedisProcess(program, await freePort(), start);
    try {
      await redis.start();
    } catch (error) {
      await redis.stop();
      throw error;
    }
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts again, with what it left behind. */
  async start(): Promise<void> {
    const { fsync, ownGroup } = this.#start;
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder];
    const settings = ['--save', '', '--appendonly', 'yes', '--appendfsync', fsync, '--loglevel', 'warning'];
    const child = spawn(this.#program, [...place, ...settings], { stdio: 'ignore', detached: ownGroup });
    this.#child = child;
    await untilItAnswers('redis-server', child, () => answers(this.port));
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined) await endProcess(child, 'SIGKILL');
  }

  /** It is there, takes bytes, and does not answer. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Deletes what a Redis that was killed left behind. */
  deleteData(): void {
    rmSync(join(this.#folder, 'appendonlydir'), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const reply: unknown[] = await once(socket, 'data', { signal: AbortSignal.timeout(1_000) });
    return String(reply[0]).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
