import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HubSnapshot } from '@ws/core/observe';
import { SAID } from './contract.ts';
import { frameworkApp } from './framework-apps.ts';
import type { HostKind } from './hosts.ts';

const START_MS = 60_000;
const ANSWER_MS = 10_000;

/** A host in a process of its own. */
export class RunningHost {
  /** Below which the calls of HTTP are. */
  readonly api: string;
  readonly url: string;
  /** Where WebSockets are taken. */
  readonly webSocketPath: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #said = '';

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, port: number, { base }: HostKind) {
    this.#process = process;
    this.#lines = lines;
    this.url = `http://127.0.0.1:${port}`;
    this.api = this.url + base;
    this.webSocketPath = `${base}/ws`;
    process.stderr?.on('data', (data) => (this.#said += String(data)));
  }

  /** @param program - that runs JavaScript, with its arguments */
  static async start(kind: HostKind, program: readonly string[]): Promise<RunningHost> {
    const port = await freePort();
    const served = [
      moduleOf(kind),
      String(port),
      ...(kind.attached === undefined ? [] : [JSON.stringify(kind.attached)]),
    ];
    const [command = '', ...args] = [...program, join(import.meta.dirname, 'serve.ts'), ...served];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: import.meta.dirname });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const host = new RunningHost(child, lines, port, kind);
    await host.#expect('ready', START_MS);
    return host;
  }

  /** What the hub has open. */
  async stats(): Promise<HubSnapshot['totals']> {
    this.#process.stdin?.write('stats\n');
    return JSON.parse(await this.#line(ANSWER_MS)) as HubSnapshot['totals'];
  }

  /** Closes the server of agent events, and not its host. Resolves when nothing of it is open. */
  async drain(): Promise<void> {
    this.#process.stdin?.write('drain\n');
    await this.#expect('closed', ANSWER_MS);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  async #expect(line: string, ms: number): Promise<void> {
    const said = await this.#line(ms);
    if (said !== line) throw new Error(`the host said '${said}' in place of '${line}': ${this.#said}`);
  }

  async #line(ms: number): Promise<string> {
    const late = AbortSignal.timeout(ms);
    const tooLate = once(late, 'abort').then(() => ({ done: true, value: undefined }) as const);
    for (;;) {
      const next = await Promise.race([this.#lines.next(), tooLate]);
      if (next.done === true) throw new Error(`the host did not answer: ${this.#said}`);
      if (next.value.startsWith(SAID)) return next.value.slice(SAID.length);
      this.#said += `${next.value}\n`;
    }
  }
}

/** The module that serves a host, below this folder. */
function moduleOf({ recipe, app }: HostKind): string {
  return app === undefined ? `recipes/${recipe}` : `apps/${app}/${frameworkApp(app).entry}`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
