// `pnpm start:cluster [arguments]`: builds the pages that are out of date, sees to it that there is a Redis, then becomes the cluster.
import { resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { buildPages } from './build-pages.mjs';
import { settingsOfStart } from './settings-of-start.ts';
import { node, root } from './workspace.mjs';
import { provideTools, tools } from './tools.mjs';

const args = process.argv.slice(2);
if (args[0] === '--') args.shift();

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const isGiven = args.some((arg) => /^--redis(=|$)/.test(arg)) || /^rediss?:/.test(process.env['WS_LOG_URL'] ?? '');
const isHelp = args.includes('--help');
if (!isGiven && !isHelp) {
  const { env, missing } = await provideTools(tools.filter(({ name }) => name === 'Redis'));
  Object.assign(process.env, env);
  if (missing.length > 0) {
    console.error(
      'Cannot start the cluster: redis-server is missing. Install Redis 6.2 or later (Debian: redis-server) or Valkey, set ' +
        'REDIS_SERVER_PATH, or name a Redis that runs: pnpm start:cluster --redis redis://localhost:6379',
    );
    process.exit(1);
  }
}

if (!isHelp) {
  const code = await buildPages();
  if (code !== 0) process.exit(code);
}

Object.assign(process.env, settingsOfStart(process.env));
const command = [node, '--conditions=@ws/source', resolve(root, 'bench/src/cluster/main.ts'), ...args];
if (process.platform === 'win32') {
  process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  spawn(node, command.slice(1), { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
} else {
  // The cluster takes the place of this process: it gets every signal once and its exit code is the command's.
  process.execve?.(node, command);
}
