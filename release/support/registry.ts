import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from '../../scripts/workspace.mjs';
import { freePort } from '../../packages/test-support/src/index.ts';

const START_MS = 60_000;

/** Another program may take a port between asking for a free one and listening on it. */
const STARTS = 3;

/** What of a published package is looked at. */
export interface PublishedManifest {
  readonly repository?: { readonly url: string; readonly directory?: string };
}

/** A package registry on a loopback address that knows nothing but what is published to it. */
export class Registry {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(folder: string): Promise<Registry> {
    for (let start = 1; ; start += 1) {
      try {
        return await Registry.#startOnce(folder);
      } catch (error) {
        if (start === STARTS || !String(error).includes('EADDRINUSE')) throw error;
      }
    }
  }

  static async #startOnce(folder: string): Promise<Registry> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    // No uplinks: a package that was not published here is not found, and nothing is asked for elsewhere.
    const config = {
      storage: join(folder, 'storage'),
      auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
      packages: { '@ws/*': { access: '$all', publish: '$all' } },
      web: { enable: false },
      log: { type: 'stdout', format: 'pretty', level: 'warn' },
    };
    const file = join(folder, 'registry.yaml');
    // JSON is YAML, too.
    writeFileSync(file, JSON.stringify(config));
    const args = [bin('verdaccio'), '--config', file, '--listen', `127.0.0.1:${port}`];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const registry = new Registry(url, child);
    await registry.#answers();
    return registry;
  }

  /** Lines for an `.npmrc`: packages of ours come from here, everything else from where it comes anyway. */
  get settings(): string {
    return `@ws:registry=${this.url}\n//${new URL(this.url).host}/:_authToken=rehearsal\n`;
  }

  /** The versions of a package, with what each says of itself. */
  async versions(name: string): Promise<Readonly<Record<string, PublishedManifest>>> {
    const response = await fetch(this.url + name.replace('/', '%2f'));
    if (response.status === 404) return {};
    const { versions } = (await response.json()) as { versions: Readonly<Record<string, PublishedManifest>> };
    return versions;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async #answers(): Promise<void> {
    let output = '';
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline && this.#child.exitCode === null) {
      const isUp = await fetch(`${this.url}-/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await this.stop();
    throw new Error(`the registry does not answer:\n${output}`);
  }
}
