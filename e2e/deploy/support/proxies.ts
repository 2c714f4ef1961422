import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeSelfSigned } from '../../../apps/server/test/support/self-signed.ts';
import { freePort } from '../../../packages/test-support/src/index.ts';
import { BackgroundProgram } from './background-program.ts';
import { CADDY, NGINX, type Program } from './programs.ts';

const DEPLOY = resolve(import.meta.dirname, '../../../docs/deploy');

/** A proxy before nodes of the service, with the configuration that docs/deploy has for it. */
export interface RunningProxy extends AsyncDisposable {
  readonly url: string;
  /** What it wrote about requests. */
  accessLog(): string;
}

export interface ProxyKind {
  readonly name: string;
  readonly program: Program;
  /** @param ports - where the nodes listen */
  readonly start: (folder: string, ports: readonly string[]) => Promise<RunningProxy>;
}

/** Replaces what stands in the text exactly once. Throws if it does not. */
function replaced(text: string, what: string, by: string): string {
  if (text.split(what).length !== 2) throw new Error(`the configuration should say "${what}" once`);
  return text.replace(what, by);
}

async function startNginx(folder: string, ports: readonly string[]): Promise<RunningProxy> {
  const port = await freePort();
  const { certFile, keyFile } = await writeSelfSigned(folder, 'nginx');
  const log = join(folder, 'access.log');
  let site = readFileSync(join(DEPLOY, 'nginx.conf'), 'utf8');
  site = replaced(site, 'listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  site = replaced(site, '/etc/ssl/events.example.com.crt', certFile);
  site = replaced(site, '/etc/ssl/events.example.com.key', keyFile);
  site = replaced(site, '/var/log/nginx/agent-events.log', log);
  site = replaced(site, 'server 127.0.0.1:8080', `server 127.0.0.1:${ports[0]}`);
  site = replaced(site, 'server 127.0.0.1:8081', `server 127.0.0.1:${ports[1] ?? ports[0]}`);
  // Nobody waits for a minute: the heartbeat of the test is shorter in the same proportion.
  site = replaced(site, 'proxy_read_timeout 60s', 'proxy_read_timeout 1s');
  writeFileSync(join(folder, 'site.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
    mkdirSync(join(folder, name), { recursive: true });
    return `  ${name}_temp_path ${join(folder, name)};`;
  });
  const main = [
    // The folder of the test belongs to who runs it.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${join(folder, 'nginx.pid')};`,
    `error_log ${join(folder, 'error.log')} warn;`,
    'events { worker_connections 256; }',
    'http {',
    ...temporary,
    `  include ${join(folder, 'site.conf')};`,
    '}',
  ];
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `${main.join('\n')}\n`);
  const program = await BackgroundProgram.start(NGINX.path, ['-c', file, '-e', join(folder, 'error.log')], port);
  return {
    url: `https://127.0.0.1:${port}`,
    accessLog: () => readFileSync(log, 'utf8'),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

async function startCaddy(folder: string, ports: readonly string[]): Promise<RunningProxy> {
  const port = await freePort();
  const env = {
    SITE_ADDRESS: `http://127.0.0.1:${port}`,
    UPSTREAMS: ports.map((upstream) => `127.0.0.1:${upstream}`).join(' '),
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  };
  const args = ['run', '--config', join(DEPLOY, 'Caddyfile'), '--adapter', 'caddyfile'];
  const program = await BackgroundProgram.start(CADDY.path, args, port, env);
  return {
    url: `http://127.0.0.1:${port}`,
    // It writes none, as long as nobody asks it to.
    accessLog: () => '',
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

export const PROXIES: readonly ProxyKind[] = [
  { name: 'nginx', program: NGINX, start: startNginx },
  { name: 'Caddy', program: CADDY, start: startCaddy },
];
