import { freePort, until } from '@ws/test-support';
import { withManager } from './jetstream.ts';
import { NatsServer } from './nats-server.ts';

const READY_WITHIN_MS = 30_000;

/** Servers that share JetStream. */
export class NatsCluster {
  readonly servers: readonly NatsServer[];

  private constructor(servers: readonly NatsServer[]) {
    this.servers = servers;
  }

  static async start(count = 3): Promise<NatsCluster> {
    const routes: number[] = [];
    for (let index = 0; index < count; index += 1) routes.push(await freePort());
    const all = routes.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
    const servers = await Promise.all(
      routes.map((port, index) =>
        NatsServer.start(
          `server_name: n${index}\ncluster { name: test, listen: "127.0.0.1:${port}", routes: [${all}] }`,
        ),
      ),
    );
    const cluster = new NatsCluster(servers);
    await cluster.#untilReady();
    return cluster;
  }

  get url(): string {
    return this.servers.map(({ url }) => url).join(',');
  }

  /** The server that leads a stream. */
  async leaderOf(stream: string): Promise<NatsServer> {
    const [first] = this.servers;
    if (first === undefined) throw new Error('the cluster has no servers');
    const info = await withManager(first, (jsm) => jsm.streams.info(stream));
    return this.servers[Number(info.cluster?.leader?.slice(1))] ?? first;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** A leader is chosen, and knows of all servers: a stream with as many replicas can be made. */
  async #untilReady(): Promise<void> {
    const [first] = this.servers;
    if (first === undefined) return;
    const makeOne = () =>
      withManager(first, async (jsm) => {
        await jsm.streams.add({ name: 'READY', subjects: ['ready'], num_replicas: this.servers.length });
        await jsm.streams.delete('READY');
      });
    await until(makeOne, READY_WITHIN_MS);
  }
}
