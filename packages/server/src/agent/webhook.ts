import type { AgentCall, CallOutcome } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';
import { weaknessOf } from '../auth/secret-strength.ts';
import { limitsOf, logGivenUp, type AgentElsewhere, type InboxOptions } from './agent-elsewhere.ts';
import { toWireCall } from './wire-call.ts';

/** Where an agent is called, and how it knows that the server calls. */
export interface WebhookOptions extends InboxOptions {
  /** Address that calls are posted to. No other is ever called: redirects are not followed. */
  readonly url: string | URL;
  /**
   * The secret that calls are signed with, as Standard Webhooks has them: `whsec_` and 24 to 64 random bytes in base64. Several while
   * they are changed: each call has a signature of each.
   */
  readonly secret: string | readonly string[];
  /** Time of one attempt, in milliseconds. @default 10_000 */
  readonly attemptMs?: number;
  /** Attempts under way at a time in this process. @default 64 */
  readonly concurrency?: number;
  /** Spreads attempts in time: a number from 0 to below 1. @default Math.random */
  readonly random?: () => number;
}

/** A longer wait that an agent asks for with `Retry-After` is cut to this, in seconds. */
const LONGEST_RETRY_AFTER_S = 300;

/** Refusals that somebody may mend, or that pass: an agent that is deployed anew, a wrong secret, too many calls. */
const MAY_PASS: ReadonlySet<number> = new Set([401, 403, 404, 408, 421, 425, 429]);

/**
 * An agent that is called over HTTP: what users say, cancel and decide is posted to its address as JSON, signed by the rules of Standard
 * Webhooks. It answers with 2xx when it has the call, at once; it works afterwards, and publishes what it does.
 *
 * An attempt may take 10 seconds. One that fails is made again, later and later, until the horizon. 4xx other than 401, 403, 404, 408, 421,
 * 425 and 429 is a refusal: the call is given up.
 *
 * @throws `INVALID_OPTION`, naming the option; a secret is never repeated
 * @example
 * ```ts
 * await createServer({ log, authenticate, apiKeys, agent: webhook({ url: 'https://agent.example.com/calls', secret: process.env.AGENT_SECRET }) });
 * ```
 */
export function webhook(options: WebhookOptions): AgentElsewhere {
  const { attemptMs, concurrency, random, horizonMs, maxWaiting } = options;
  const url = urlOf(options.url);
  const signers = signersOf(options.secret);
  const shownUrl = `${url.origin}${url.pathname}`;
  return {
    open: (logger) => ({
      ...limitsOf({ horizonMs, maxWaiting }),
      ...(attemptMs === undefined ? {} : { attemptMs }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(random === undefined ? {} : { random }),
      deliver: async (call, signal) => post(call, { url, shownUrl, signers, logger, signal }),
      onGivenUp: logGivenUp(logger, { url: shownUrl }),
    }),
  };
}

interface Post {
  readonly url: URL;
  /** Without what may be a secret. */
  readonly shownUrl: string;
  readonly signers: readonly Webhook[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

async function post(call: AgentCall, { url, shownUrl, signers, logger, signal }: Post): Promise<CallOutcome> {
  const { callId, type, attempt } = call;
  const body = JSON.stringify(toWireCall(call));
  const now = new Date();
  const failed = (why: object): CallOutcome => {
    logger.warn({ callId, type, attempt, url: shownUrl, ...why }, 'the agent did not take a call');
    return { kind: 'again' };
  };
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': '@ws/server',
        'webhook-id': callId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signers.map((signer) => signer.sign(callId, now, body)).join(' '),
      },
      body,
      signal,
    });
  } catch (error) {
    return failed({ error: faultOf(error) });
  }
  const { status, headers } = response;
  // Nothing in it is of use. An agent that goes on sending is not read.
  await response.body?.cancel().catch(() => undefined);
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const outcome = failed({ status });
  if (status >= 400 && status < 500 && !MAY_PASS.has(status)) return { kind: 'refused' };
  const seconds = Number(headers.get('retry-after') ?? NaN);
  if (!(seconds > 0)) return outcome;
  return { kind: 'again', afterMs: Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1_000 };
}

/** The code of what went wrong below HTTP, `ECONNREFUSED`; never a text that may quote the request. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

function urlOf(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) refuse('url', 'must be an http or https URL');
  if (url.username !== '' || url.password !== '') refuse('url', 'must hold no user and no password');
  return url;
}

function signersOf(given: string | readonly string[]): readonly Webhook[] {
  const secrets = typeof given === 'string' ? [given] : given;
  if (!Array.isArray(secrets) || secrets.length === 0) refuse('secret', 'must be a secret, or a list of secrets');
  return secrets.map((secret, index) => {
    const name = secrets.length === 1 ? 'secret' : `secret[${index}]`;
    const text = typeof secret === 'string' ? secret.replace(/^whsec_/, '') : '';
    const bytes = Buffer.from(text, 'base64');
    const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
    if (!isBase64 || bytes.length < 24 || bytes.length > 64) {
      refuse(name, 'must be whsec_ and 24 to 64 random bytes in base64, as `openssl rand -base64 32` makes them');
    }
    const weakness = weaknessOf(text);
    if (weakness !== undefined) refuse(name, `must be random: this one ${weakness}`);
    return new Webhook(bytes.toString('base64'));
  });
}

function refuse(option: string, why: string): never {
  throw new WebSocketError('INVALID_OPTION', `webhook: ${option} ${why}`);
}
