import { ServerProcess } from '../../../apps/server/test/support/server-process.ts';
import { SECRET_FILE } from '../../../apps/server/test/support/tokens.ts';
import { freePort } from '../../../packages/test-support/src/index.ts';

/** Nodes of the service on one log, and which of them a load balancer would send new connections to. */
export class RollingNodes implements AsyncDisposable {
  readonly #cwd: string;
  readonly #logUrl: string;
  readonly #nodes: ServerProcess[] = [];
  readonly #ready = new Set<ServerProcess>();
  #turn = 0;

  private constructor(cwd: string, logUrl: string) {
    this.#cwd = cwd;
    this.#logUrl = logUrl;
  }

  static async start(count: number, cwd: string, logUrl: string): Promise<RollingNodes> {
    const nodes = new RollingNodes(cwd, logUrl);
    await Promise.all(Array.from({ length: count }, async () => nodes.#add(String(await freePort()))));
    return nodes;
  }

  /** The address of the next node that is ready, in turn. */
  next(): string {
    const ready = [...this.#ready];
    this.#turn += 1;
    const node = ready[this.#turn % ready.length];
    if (node === undefined) throw new Error('no node is ready');
    return node.url;
  }

  /** Restarts each node, one after the other, as a deployment does: the balancer first, then SIGTERM. Calls `settled` after each. */
  async restartAll(settled: () => Promise<void>): Promise<void> {
    for (const node of [...this.#nodes]) {
      this.#ready.delete(node);
      node.kill('SIGTERM');
      const { code } = await node.ended();
      if (code !== 0) throw new Error(`a node that drained ended with ${code}: ${node.stderr}`);
      this.#nodes.splice(this.#nodes.indexOf(node), 1);
      await this.#add(node.port);
      await settled();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #add(port: string): Promise<void> {
    const env = { WS_PORT: port, WS_LOG_URL: this.#logUrl, WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE };
    const node = await ServerProcess.start({ cwd: this.#cwd, env });
    this.#nodes.push(node);
    this.#ready.add(node);
  }
}
