export { createModelDriver } from './model-driver.ts';
export { ModelError } from './model-error.ts';
export { modelSettingsFromEnv, type ModelSettings } from './model-settings.ts';
