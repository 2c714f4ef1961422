// `pnpm start:cluster`: server processes on one Redis behind a balancer, with the demo page. Run by scripts/start-cluster.mjs, which
// builds the page, and sees to it that there is a Redis.
import { LocalCluster } from './local-cluster.ts';
import { DEMO } from '../server/server-process.ts';
import { readCommand, USAGE } from './options.ts';

/** Said by the cluster alone. */
const OWN_SETTINGS: ReadonlySet<string> = new Set(['WS_PORT', 'WS_LOG_URL', 'WS_HOST']);

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env);
  if (command === undefined) {
    console.log(USAGE);
    return;
  }
  const { redisUrl, ...rest } = command;
  const cluster = await LocalCluster.start({
    ...rest,
    program: DEMO,
    ...(redisUrl === undefined ? {} : { redisUrl }),
    // Development mode is chosen by scripts/start-cluster.mjs, or not at all.
    env: { WS_DEVELOPMENT: 'off', ...settingsOf(process.env) },
    ownGroup: true,
    onStderr: (node, text) => process.stderr.write(text.replace(/^(?=.)/gm, `server ${node + 1}: `)),
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    console.log('stopping …');
    void cluster.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The terminal was closed: the servers have process groups of their own and would stay.
  process.on('SIGHUP', stop);

  console.log(`listening on ${cluster.url}`);
  for (const [node, { url, pid }] of cluster.servers.entries())
    console.log(`  server ${node + 1}: ${url}, process ${pid}`);
  console.log(`  Redis: ${cluster.redis === undefined ? 'the one given' : cluster.redis.url}`);
}

/** The settings of the service that were given, for every server. */
function settingsOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const isSetting = (name: string) => /^(WS_|OPENAI_|NODE_ENV$)/.test(name) && !OWN_SETTINGS.has(name);
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && isSetting(name) ? [[name, value]] : [])),
  );
}

main().catch((error: unknown) => {
  console.error(`Cannot start the cluster: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
