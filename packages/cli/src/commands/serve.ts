import { Command } from 'commander';

interface Options {
  readonly host?: string;
  readonly port?: string;
  readonly log?: string;
  readonly development?: true;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the service in the foreground.')
    .option('--host <address>', 'address to listen on (WS_HOST)')
    .option('--port <port>', 'port to listen on, 0 for a free one (WS_PORT)')
    .option('--log <url>', 'where events live (WS_LOG_URL), for example memory: or redis://localhost:6379')
    .option('--development', 'try it on this machine only: every caller can act as any user (WS_DEVELOPMENT=on)')
    .addHelpText(
      'after',
      '\nAll other settings are environment variables (ws config lists them). SIGTERM drains, and so does closing the terminal. Without ' +
        'a terminal, SIGHUP reads keys and certificate again.',
    )
    .action(serve);
}

async function serve({ host, port, log, development }: Options): Promise<void> {
  const given = {
    WS_HOST: host,
    WS_PORT: port,
    WS_LOG_URL: log,
    WS_DEVELOPMENT: development && 'on',
  };
  const overrides = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  // The service is loaded by those who run it, not by every command.
  const { runServer, withDotEnv } = await import('@ws/service');
  const { env, notes } = withDotEnv(process.env, process.cwd());
  await runServer({ env: { ...env, ...Object.fromEntries(overrides) }, notes });
}
