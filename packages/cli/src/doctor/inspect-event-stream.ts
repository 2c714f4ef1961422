import type { Finding } from '@ws/service';
import { reasonOf } from '../api/call.ts';
import type { ServerOptions } from '../server-options.ts';

/** The service says where the stream stands as soon as it is open: what takes longer is held back on the way. */
const PATIENCE_MS = 3_000;

/** Whether Server-Sent Events come as they are sent. */
export async function inspectEventStream({ url, key }: ServerOptions): Promise<Finding> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE_MS);
  try {
    const response = await fetch(`${url}/v1/users/ws-doctor/events`, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      signal: given.signal,
    });
    const first = await response.body?.getReader().read();
    if (response.ok && first?.done === false)
      return { verdict: 'good', what: 'events of a stream come as they are sent' };
    return { verdict: 'fault', what: `an event stream was answered with ${response.status}` };
  } catch (error) {
    if (!given.signal.aborted) return { verdict: 'fault', what: `an event stream broke: ${reasonOf(error)}` };
    return {
      verdict: 'fault',
      what: 'nothing of an event stream came within three seconds',
      advice: 'A proxy on the way holds answers back. For nginx: proxy_buffering off, as in docs/deploy/nginx.conf.',
    };
  } finally {
    clearTimeout(timer);
    given.abort();
  }
}
