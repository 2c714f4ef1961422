export type { Environment } from './environment.ts';
export { DEVELOPMENT_API_KEY } from './fit-for-production.ts';
export type { HubSettings } from './hub-settings.ts';
export type { JwtKeys, JwtSetting } from './jwt-setting.ts';
export type { LimitSettings } from './limit-settings.ts';
export type { LogSetting } from './log-setting.ts';
export { readSettings } from './read-settings.ts';
export { weaknessOf } from './secret-strength.ts';
export type { Settings } from './settings.ts';
