export type { Environment } from './environment.ts';
export { developmentSecretPath } from './development-setting.ts';
export { ofVariable, type LogSetting } from './log-setting.ts';
export { withDotEnv } from './dot-env.ts';
export { readSettings } from './read-settings.ts';
export { settingsHelp, settingsPage } from './settings-page.ts';
export { shownSettings, type ShownSetting } from './shown-settings.ts';
export type { Settings } from './settings.ts';
export { unknownVariables } from './unknown-variables.ts';
