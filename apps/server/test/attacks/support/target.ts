import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventsAddress } from '../../support/http.ts';
import { DEMO, ServerProcess } from '../../support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { SECRET, signToken } from '../../support/tokens.ts';
import { loneRequest, type LoneAnswer } from './lone-request.ts';

/** How a server is reached: on a port of its own, or on the HTTP server of an application. */
export type Way = 'listen' | 'attach';

const ATTACHED = fileURLToPath(new URL('attached-server.ts', import.meta.url));

/** The key of the honest publisher, and that of one who publishes too much. */
const HONEST_KEY = 'key-of-the-honest-publisher-0123456789';
export const FLOODING_KEY = 'key-of-the-flooding-publisher-0123456789';

/** What lies in the folder of the agent, and is not for those who ask it. */
export const KEPT_FILES = [
  'development-secret',
  'notes.bak',
  'terraform.tfstate',
  'kubeconfig',
  '.env',
  'credentials.json',
];
/** What each of them holds, begin and end. */
export const KEPT_TEXT = ['kept-begin', 'kept-end'] as const;

/** A file of the inspector, of more bytes than the operating system takes for a client that does not read. */
export const LARGE_FILE = '/inspector/assets/large.js';

/** What the server holds at a moment, by its own metrics. */
export interface Held {
  readonly connections: number;
  readonly unauthenticated: number;
  readonly sockets: number;
  readonly descriptors: number;
  readonly openRuns: number;
  readonly residentBytes: number;
  readonly isUnified: boolean;
}

/**
 * A server as it stands on the internet: a process of its own, in production mode, with a heap so small that whatever makes it hold
 * much more than it should ends it.
 */
export class Target implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #server: ServerProcess;

  private constructor(folder: TempFolder, server: ServerProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  /** @param descriptors - how many it may have open; default: what the tests may */
  static async start(way: Way, env: Readonly<Record<string, string>> = {}, descriptors?: number): Promise<Target> {
    const folder = makeTempFolder();
    const inspector = join(folder.path, 'inspector');
    mkdirSync(join(inspector, 'assets'), { recursive: true });
    writeFileSync(join(inspector, 'assets/large.js'), 'x'.repeat(8 * 1_024 * 1_024));
    const keysFile = join(folder.path, 'keys.json');
    const sha256 = createHash('sha256').update(FLOODING_KEY).digest('hex');
    writeFileSync(keysFile, JSON.stringify({ keys: [{ id: 'flooding', sha256, scopes: ['publish'] }] }));
    for (const name of KEPT_FILES) writeFileSync(join(folder.path, name), KEPT_TEXT.join(' '));
    const server = await ServerProcess.start({
      cwd: folder.path,
      // The demo agent answers every user: what floods it are questions.
      ...(way === 'listen' ? { program: DEMO, args: ['--workspace', folder.path] } : { program: ATTACHED }),
      ...(descriptors === undefined ? {} : { descriptors }),
      env: {
        WS_DEVELOPMENT: 'off',
        NODE_ENV: 'production',
        NODE_OPTIONS: '--max-old-space-size=128',
        WS_JWT_SECRET: SECRET,
        WS_API_KEY: HONEST_KEY,
        WS_API_KEYS_FILE: keysFile,
        WS_INSPECTOR_FOLDER: inspector,
        ...env,
      },
    });
    return new Target(folder, server);
  }

  get url(): string {
    return this.#server.url;
  }

  get honestKey(): string {
    return HONEST_KEY;
  }

  /** What the server has logged. */
  get log(): string {
    return this.#server.stdout + this.#server.stderr;
  }

  /** @param threads - the only threads it allows; absent: all */
  token(userId = 'mallory', threads?: readonly string[]): Promise<string> {
    return signToken({ sub: userId, ...(threads === undefined ? {} : { threads }) });
  }

  async ticket(userId = 'mallory'): Promise<string> {
    const { body } = await this.post('/v1/tickets', { user_id: userId }, HONEST_KEY);
    return String(body['ticket']);
  }

  async publish(userId: string, events: readonly unknown[], key = HONEST_KEY): Promise<LoneAnswer> {
    return this.post(eventsAddress('', userId), { events }, key);
  }

  /** @param key - an API key, or the token of a user */
  post(path: string, body: unknown, key: string): Promise<LoneAnswer> {
    return this.postText(path, JSON.stringify(body), key);
  }

  postText(path: string, body: string, key = HONEST_KEY): Promise<LoneAnswer> {
    return loneRequest(this.url + path, { method: 'POST', headers: bearer(key), body });
  }

  /** How often the mode has changed so far. */
  async modeChanges(): Promise<number> {
    return (await this.#metrics())('ws_mode_changes_total');
  }

  async held(): Promise<Held> {
    const value = await this.#metrics();
    return {
      connections: value('ws_connections'),
      unauthenticated: value('ws_connections_unauthenticated'),
      sockets: value('nodejs_active_handles{type="Socket"}'),
      descriptors: value('process_open_fds'),
      openRuns: value('ws_runs_open'),
      residentBytes: value('process_resident_memory_bytes'),
      isUnified: value('ws_mode{mode="unified"}') === 1,
    };
  }

  async #metrics(): Promise<(name: string) => number> {
    const { text } = await loneRequest(`${this.url}/metrics`);
    return (name) => {
      const line = text.split('\n').find((it) => it.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 'NaN');
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
