// What `pnpm start` runs: the service with the demo page and its agent.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Fallback } from '@ws/server';
import { readSettings, runServer, settingsHelp, withDotEnv, type Environment } from '@ws/service';
import { isWebSocketError, WebSocketError } from '@ws/types';
import { createDemoAgent, type AgentInfo, type DemoAgent } from './demo-agent.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = fileURLToPath(new URL('../dist', import.meta.url));

const USAGE = `Usage: start [--workspace DIR] [--help]

Serves agent-events.v1 with the demo page, and in development mode (WS_DEVELOPMENT=on) the demo agent.

  --workspace DIR   folder the demo agent answers questions about, also outside of development mode
                    (default in development mode: this repository)
  --help            print this text

Settings are environment variables; below them a file .env in the working folder is read.
docs/settings.md says what each means.

${settingsHelp()}`;

async function main(): Promise<void> {
  const { help, workspace } = readArguments();
  if (help) {
    console.log(USAGE);
    return;
  }
  const { env, notes } = withDotEnv(process.env, process.cwd());
  const agent = agentOf(env, workspace);
  await runServer({
    env,
    notes,
    pageFolder: PAGE,
    ...(agent === undefined ? {} : { onUserMessage: agent.onUserMessage, fallback: describe(agent.info) }),
  });
}

/** Throws `INVALID_OPTION` with the usage for an unknown argument. */
function readArguments(): { readonly help: boolean; readonly workspace?: string | undefined } {
  try {
    const options = { workspace: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WebSocketError('INVALID_OPTION', `${detail}\n\n${USAGE}`, { cause: error });
  }
}

/** The agent of this program. Outside of development mode it reads no folder that was not named. */
function agentOf(env: Environment, workspace: string | undefined): DemoAgent | undefined {
  const { development, agent } = readSettings(env);
  const folder = workspace ?? (development && agent.elsewhere === undefined ? REPOSITORY : undefined);
  return folder === undefined ? undefined : createDemoAgent(folder, env);
}

/** Tells the page at `GET /dev/agent` which agent answers. */
function describe(info: AgentInfo): Fallback {
  return (request, response, next) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/dev/agent') return next();
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(info));
  };
}

main().catch((error: unknown) => {
  // A fault that a person can mend is a sentence. Anything else is a bug and needs its stack.
  console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `Cannot start: ${error.message}` : error);
  process.exit(1);
});
