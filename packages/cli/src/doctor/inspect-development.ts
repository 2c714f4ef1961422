import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Finding } from '@ws/service';
import { isLoopback } from '../server-options.ts';

const PATIENCE_MS = 5_000;
const BODY = JSON.stringify({ user_id: 'ws-doctor' });

/** Whether the service gives tokens for any user, also to those who claim to be on its own machine. */
export async function inspectDevelopment(url: string): Promise<Finding> {
  const answers = await Promise.all([undefined, 'localhost'].map((host) => givesToken(url, host)));
  if (!answers.includes(true)) return { verdict: 'good', what: 'it gives no development tokens' };
  if (isLoopback(new URL(url))) {
    return {
      verdict: 'note',
      what: 'it is in development mode: every program and page there gets a token for any user',
    };
  }
  return {
    verdict: 'fault',
    what: 'it gives a token for any user to everyone who can reach it',
    advice: 'Unset WS_DEVELOPMENT there, and set WS_JWT_SECRET and WS_API_KEY. Issued tokens stay valid for an hour.',
  };
}

/** Asked by hand: `fetch` sets `Host` itself. */
async function givesToken(url: string, host: string | undefined): Promise<boolean> {
  const address = new URL(`${url}/dev/token`);
  const asking = (address.protocol === 'https:' ? tlsRequest : plainRequest)(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(host === undefined ? {} : { host }) },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  try {
    asking.end(BODY);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return response.statusCode === 200 && /"token":/.test(text);
  } catch {
    // Whether it can be reached at all is looked at elsewhere.
    return false;
  }
}
