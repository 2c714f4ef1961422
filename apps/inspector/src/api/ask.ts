import { ApiError } from './api-error.ts';

const UNKNOWN_KEY = 'This key is not known here.';

/**
 * Asks the server for JSON with the administrator's key. Where the key has read more than its limit allows, it waits as long as the
 * server says and asks again.
 *
 * @throws {@link ApiError} with a sentence for who reads the page
 */
export async function ask(path: string, key: string, signal?: AbortSignal): Promise<unknown> {
  // A browser refuses to send it, and says so as if the network were gone.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new ApiError(401, UNKNOWN_KEY);
  const response = await fetch(path, {
    headers: { authorization: `Bearer ${key}` },
    cache: 'no-store',
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw asApiError(error, signal);
  });
  if (response.ok) {
    return response.json().catch((error: unknown) => {
      throw asApiError(error, signal);
    });
  }
  if (response.status === 429) {
    await waitAsTold(response, signal);
    return ask(path, key, signal);
  }
  throw new ApiError(response.status, await reason(response));
}

/** A browser's own words, such as "Failed to fetch", do not say what to do. The caller's own end of the request stays as it is. */
function asApiError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return error;
  if (error instanceof SyntaxError) {
    return new ApiError(0, 'What answers is not the server: its answer is not JSON. A proxy may stand in between.');
  }
  return new ApiError(0, 'The server does not answer.');
}

/** Rejects with the reason of `signal` where that ends it. */
function waitAsTold(response: Response, signal: AbortSignal | undefined): Promise<void> {
  const seconds = Number(response.headers.get('retry-after') ?? '1');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1_000);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('the request was ended'));
    });
  });
}

async function reason(response: Response): Promise<string> {
  if (response.status === 401) return UNKNOWN_KEY;
  if (response.status === 403) return 'This key may not look at the service: it needs the scope admin.';
  if (response.status === 404)
    return 'Nothing is at this address: a proxy may keep /debug inside. Open the page on the node itself.';
  const text = await response.text().catch(() => 'the rest of its answer was cut off');
  return `The server answered ${response.status}: ${text.slice(0, 200)}`;
}
