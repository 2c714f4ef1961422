import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ModelError } from './model-error.ts';

const MAX_DETAIL_LENGTH = 300;

/** Turns an error of the SDK into one that may be shown. Others are given back as they are. */
export function toModelError(error: unknown, secrets: readonly string[]): unknown {
  if (error instanceof APIConnectionTimeoutError) return new ModelError('The model endpoint did not answer in time.');
  if (error instanceof APIConnectionError) return new ModelError('The model endpoint cannot be reached.');
  if (!(error instanceof APIError)) return error;
  const status = typeof error.status === 'number' ? ` (${error.status})` : '';
  switch (error.status) {
    case 401:
    case 403:
      // What endpoints say here often repeats a part of the key.
      return new ModelError(`The model endpoint refused the key${status}.`);
    case 404:
      return new ModelError(
        'The model endpoint knows no such address or model (404). Check OPENAI_BASE_URL and OPENAI_MODEL.',
      );
    case 429:
      return new ModelError('The model endpoint takes no more requests for now (429).');
    default:
      return new ModelError(`The model endpoint reported an error${status}: ${redact(error.message, secrets)}`);
  }
}

function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length >= 4);
  const cleaned = known.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  return cleaned
    .replace(/\b(?:sk|pk|key)-[\w*-]{4,}/g, '[hidden]')
    .replace(/\bBearer\s+\S+/gi, 'Bearer [hidden]')
    .replace(/\bhttps?:\/\/\S+/g, '[address]')
    .slice(0, MAX_DETAIL_LENGTH);
}
