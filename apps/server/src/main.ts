import { runProgram } from './command-line.ts';
import { runServer } from './run-server.ts';
import { withDotEnv } from './settings/index.ts';

await runProgram({
  usage: `Usage: node main.js [--help]

Serves agent-events.v1.`,
  options: {},
  run: () => runServer(withDotEnv(process.env, process.cwd())),
});
