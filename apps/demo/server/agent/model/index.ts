export { ModelError } from './model-error.ts';
export { modelSettingsFromEnv, type ModelSettings } from './model-settings.ts';
