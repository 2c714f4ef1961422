import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../../src/api/ask.ts';

afterEach(() => vi.unstubAllGlobals());

/** The network as `answer` has it. Returns what the page says. */
async function saidWhere(answer: () => Promise<Response>, key = 'k'): Promise<unknown> {
  const asked = vi.fn(answer);
  vi.stubGlobal('fetch', asked);
  return ask('/debug/state', key).catch((error: Error) => error.message);
}

/** An answer that breaks off after its first bytes. */
function brokenOff(status: number): Promise<Response> {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"node":'));
      controller.error(new TypeError('network error'));
    },
  });
  return Promise.resolve(new Response(body, { status }));
}

describe('what the page says of a server that it can not ask', () => {
  it('no answer, and one that breaks off: a sentence, not the words of the browser', async () => {
    expect(await saidWhere(() => Promise.reject(new TypeError('Failed to fetch')))).toBe('The server does not answer.');
    expect(await saidWhere(() => brokenOff(200))).toBe('The server does not answer.');
    expect(await saidWhere(() => brokenOff(500))).toBe('The server answered 500: the rest of its answer was cut off');
  });

  it('an answer of something else', async () => {
    const page = () => Promise.resolve(new Response('<!doctype html>', { status: 200 }));
    expect(await saidWhere(page)).toMatch(/^What answers is not the server/);
  });

  it('a key that no request can carry', async () => {
    // As a browser: it is not sent at all.
    const refused = () => Promise.reject(new TypeError('String contains non ISO-8859-1 code point.'));
    expect(await saidWhere(refused, 'ключ')).toBe('This key is not known here.');
  });

  it('a request that the page itself ended is no problem of the server', async () => {
    const left = new AbortController();
    left.abort();
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(ask('/debug/state', 'k', left.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
