import OpenAI from 'openai';
import type { Driver } from '../driver.ts';
import { toModelError } from './to-model-error.ts';
import { ModelRun } from './model-run.ts';
import type { ModelSettings } from './model-settings.ts';

const DEFAULT_MAX_STEPS = 12;
const DEFAULT_IDLE_TIMEOUT_MS = 90_000;
const RETRIES = 2;

/** Answers with a model behind an OpenAI-compatible endpoint, which chooses the tools. */
export function createModelDriver(settings: ModelSettings): Driver {
  const { model, apiKey, baseUrl, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, maxSteps = DEFAULT_MAX_STEPS } = settings;
  // What is not given here, the SDK would look for in the environment.
  const client = new OpenAI({
    apiKey: apiKey === '' ? 'none' : apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: RETRIES,
    timeout: idleTimeoutMs,
    logLevel: 'off',
  });
  return async (question, context) => {
    await context.run.think(`The model ${model} answers, with the tools of this folder.\n`);
    try {
      return await new ModelRun({ client, model, idleTimeoutMs, maxSteps }, question, context).answer();
    } catch (error) {
      throw toModelError(error, [apiKey]);
    }
  };
}
