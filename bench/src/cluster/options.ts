import { parseArgs } from 'node:util';
import { wholeOption } from '../number-option.ts';

export interface ClusterCommand {
  /** Port of the balancer. */
  readonly port: number;
  readonly nodes: number;
  readonly redisUrl: string | undefined;
}

export const USAGE = `pnpm start:cluster [options]

  --port N      port of the balancer (8080, or WS_PORT)
  --nodes N     server processes (3)
  --redis URL   a Redis that is there already (WS_LOG_URL, if that is one); without one a Redis is started, whose data goes
                with it

Ctrl-C stops everything. Other settings of the service are taken from the environment, as with pnpm start.`;

const DEFAULT_PORT = 8080;
const REDIS_URL = /^rediss?:\/\//;

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ClusterCommand | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      port: { type: 'string' },
      nodes: { type: 'string', default: '3' },
      redis: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const given = env['WS_LOG_URL'] ?? '';
  const redisUrl = values.redis ?? (REDIS_URL.test(given) ? given : undefined);
  if (redisUrl !== undefined && !REDIS_URL.test(redisUrl)) {
    throw new Error('--redis must be a URL like redis://localhost:6379');
  }
  return {
    port: wholeOption('port', values.port ?? (env['WS_PORT'] || String(DEFAULT_PORT)), 0, 65_535),
    nodes: wholeOption('nodes', values.nodes, 1, 16),
    redisUrl,
  };
}
