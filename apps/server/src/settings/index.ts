export type { Environment } from './environment.ts';
export { developmentSecretPath } from './development-setting.ts';
export type { LogSetting } from './log-setting.ts';
export { readSettings } from './read-settings.ts';
export type { Settings } from './settings.ts';
export { unknownVariables, VARIABLES } from './unknown-variables.ts';
