import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ws/test-support';
import { RedisProcess, type AppendFsync } from '../server/redis-process.ts';
import { ServerProcess, type ServerStart } from '../server/server-process.ts';
import { Balancer } from './balancer.ts';

export interface LocalClusterOptions extends Pick<ServerStart, 'env' | 'ownGroup' | 'program'> {
  /** Server processes. @default 3 */
  readonly nodes?: number;
  /** Port of the balancer, 0 for a free one. @default 0 */
  readonly port?: number;
  /** A Redis that is there already; without one the cluster starts its own. */
  readonly redisUrl?: string;
  /** When the Redis of its own syncs its file. @default 'everysec' */
  readonly fsync?: AppendFsync;
  /** Called with what a server writes to stderr. */
  readonly onStderr?: (node: number, text: string) => void;
}

/** One place in the cluster: always the same port, in one process after the other. */
interface Place {
  readonly port: number;
  server: ServerProcess | undefined;
}

/** Server processes on one Redis behind a balancer, all on this machine. */
export class LocalCluster {
  /** The Redis of its own, if it has one. */
  readonly redis: RedisProcess | undefined;
  readonly redisUrl: string;
  readonly #options: LocalClusterOptions;
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-cluster-'));
  readonly #places: readonly Place[];
  #balancer: Balancer | undefined;

  private constructor(options: LocalClusterOptions, redis: RedisProcess | undefined, ports: readonly number[]) {
    this.#options = options;
    this.redis = redis;
    this.redisUrl = options.redisUrl ?? redis?.url ?? '';
    this.#places = ports.map((port) => ({ port, server: undefined }));
    this.#env = {
      WS_LOG_URL: this.redisUrl,
      // In development mode the servers take each other's tokens by a secret that they share.
      ...(options.env?.['WS_DEVELOPMENT'] === 'off'
        ? {}
        : { WS_DEVELOPMENT_SECRET_FILE: join(this.#folder, 'development-secret') }),
      ...options.env,
    };
  }

  /** Starts Redis, the servers and the balancer. Throws a sentence for the person who started it, and leaves nothing behind. */
  static async start(options: LocalClusterOptions = {}): Promise<LocalCluster> {
    const { nodes = 3, port = 0, redisUrl, fsync = 'everysec', ownGroup = false } = options;
    const redis = redisUrl === undefined ? await RedisProcess.start({ fsync, ownGroup }) : undefined;
    const ports: number[] = [];
    while (ports.length < nodes) {
      const free = await freePort();
      if (!ports.includes(free)) ports.push(free);
    }
    const cluster = new LocalCluster(options, redis, ports);
    try {
      await Promise.all(ports.map((_, node) => cluster.startNode(node)));
      cluster.#balancer = await Balancer.listen({ backends: cluster.#places, port });
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get balancer(): Balancer {
    if (this.#balancer === undefined) throw new Error('the cluster has not started');
    return this.#balancer;
  }

  /** Where clients connect: the balancer. */
  get url(): string {
    return this.balancer.url;
  }

  /** Addresses of the servers themselves. */
  get nodeUrls(): readonly string[] {
    return this.#places.map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** The servers that are up. */
  get servers(): readonly ServerProcess[] {
    return this.#places.flatMap(({ server }) => (server?.alive === true ? [server] : []));
  }

  async startNode(node: number): Promise<void> {
    const { ownGroup = false, onStderr, program } = this.#options;
    const place = this.#place(node);
    place.server = await ServerProcess.start('memory', {
      env: { ...this.#env, WS_PORT: String(place.port) },
      ownGroup,
      ...(onStderr === undefined ? {} : { onStderr: (text) => onStderr(node, text) }),
      ...(program === undefined ? {} : { program }),
    });
  }

  /** `kill -9`. */
  async killNode(node: number): Promise<void> {
    const place = this.#place(node);
    await place.server?.kill();
    place.server = undefined;
  }

  /** `SIGTERM`: the server says goodbye. */
  async drainNode(node: number): Promise<void> {
    const place = this.#place(node);
    await place.server?.stop();
    place.server = undefined;
  }

  /** Stops the balancer, the servers and a Redis of its own. Never rejects. */
  async stop(): Promise<void> {
    this.redis?.thaw();
    await Promise.all(this.#places.map((_, node) => this.drainNode(node)));
    await this.#balancer?.close();
    await this.redis?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #place(node: number): Place {
    const place = this.#places[node];
    if (place === undefined) throw new Error(`there is no node ${node}`);
    return place;
  }
}
