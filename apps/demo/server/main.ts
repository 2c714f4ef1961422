// What `pnpm start` runs: the service with the demo page and its agent.
import { fileURLToPath } from 'node:url';
import type { Fallback } from '@ws/server';
import { readSettings, runProgram, runServer, withDotEnv, type Environment } from '@ws/service';
import { createDemoAgent, type AgentInfo, type DemoAgent } from './demo-agent.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = fileURLToPath(new URL('../dist', import.meta.url));

await runProgram({
  usage: `Usage: start [--workspace DIR] [--help]

Serves agent-events.v1 with the demo page, and in development mode (WS_DEVELOPMENT=on) the demo agent.

  --workspace DIR   folder the demo agent answers questions about, also outside of development mode
                    (default in development mode: this repository)
  --help            print this text`,
  options: { workspace: { type: 'string' } },
  async run({ workspace }) {
    const { env, notes } = withDotEnv(process.env, process.cwd());
    const agent = agentOf(env, workspace);
    await runServer({
      env,
      notes,
      pageFolder: PAGE,
      ...(agent === undefined ? {} : { onUserMessage: agent.onUserMessage, fallback: describe(agent.info) }),
    });
  },
});

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
