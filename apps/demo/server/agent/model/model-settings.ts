/** Where the model is and what it is called. */
export interface ModelSettings {
  readonly model: string;
  /** Empty for endpoints that want none. */
  readonly apiKey: string;
  /** Of an OpenAI-compatible endpoint; the SDK's own without it. */
  readonly baseUrl?: string;
  /** Longest silence of the endpoint, in milliseconds. */
  readonly idleTimeoutMs?: number;
  /** How often the model may call tools before it has to answer. */
  readonly maxSteps?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of the model from the environment. None if `OPENAI_BASE_URL` and `OPENAI_MODEL` are both unset: a key alone,
 * which many people have set for other programs, sends nothing anywhere. Throws for settings of which a part is missing.
 */
export function modelSettingsFromEnv(env: Environment): ModelSettings | undefined {
  const baseUrl = read(env, 'OPENAI_BASE_URL');
  const model = read(env, 'OPENAI_MODEL');
  const apiKey = read(env, 'OPENAI_API_KEY');
  if (baseUrl === '' && model === '') return undefined;
  if (model === '') throw new Error('OPENAI_MODEL has to name the model of OPENAI_BASE_URL.');
  if (baseUrl === '' && apiKey === '')
    throw new Error(
      'OPENAI_MODEL needs OPENAI_BASE_URL, the address of an OpenAI-compatible endpoint, or OPENAI_API_KEY.',
    );
  if (baseUrl !== '' && !isHttpUrl(baseUrl)) throw new Error('OPENAI_BASE_URL has to be an http or https address.');
  return { model, apiKey, ...(baseUrl === '' ? {} : { baseUrl }) };
}

function read(env: Environment, name: string): string {
  return (env[name] ?? '').trim();
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
