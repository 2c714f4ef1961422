export { inspectSetup } from './setup/inspect-setup.ts';
export type { Finding } from './setup/finding.ts';
export {
  readSettings,
  shownSettings,
  unknownVariables,
  withDotEnv,
  type Environment,
  type ShownSetting,
} from './settings/index.ts';
export { runProgram } from './command-line.ts';
export { runServer } from './run-server.ts';
export type { ServerOptions } from './start-server.ts';
