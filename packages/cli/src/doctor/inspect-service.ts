import type { Finding } from '@ws/service';
import { reasonOf } from '../api/call.ts';
import { Failure } from '../failure.ts';
import { readServer, type ServerOptions } from '../server-options.ts';
import { inspectDevelopment } from './inspect-development.ts';
import { inspectEventStream } from './inspect-event-stream.ts';
import { inspectUpgrade } from './inspect-upgrade.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const PATIENCE_MS = 5_000;
/** The service takes tokens from clocks that differ by this much, unless it is told otherwise. */
const TOLERATED_SKEW_MS = 5_000;

const NO_KEY: Finding = { verdict: 'note', what: 'WS_API_KEY is not set: checks that need a key were skipped' };

/** Looks at a running service as a client and a publisher see it. */
export async function inspectService(url: string, env: Environment): Promise<readonly Finding[]> {
  const address = url.replace(/\/$/, '');
  const alive = await get(address, '/');
  if (typeof alive === 'string') {
    return [
      {
        verdict: 'fault',
        what: `nothing answers: ${alive}`,
        advice: 'Start it (ws serve), or say where it is with --url.',
      },
    ];
  }
  const upgrade = await inspectUpgrade(address);
  return [
    { verdict: 'good', what: `it answers, status ${alive.status} at /` },
    clock(alive),
    await readiness(address),
    upgrade,
    ...(await withKey(url, env)),
    await inspectDevelopment(address),
    await exposure(address, new URL(url)),
  ];
}

/** An answer, or why there is none. */
async function get(url: string, path: string, headers: Record<string, string> = {}): Promise<Response | string> {
  try {
    const response = await fetch(`${url}${path}`, {
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: 'manual',
    });
    await response.arrayBuffer();
    return response;
  } catch (error) {
    return reasonOf(error);
  }
}

function clock({ headers }: Response): Finding {
  const date = headers.get('date');
  if (date === null) return { verdict: 'note', what: 'the answer has no date: clocks were not compared' };
  // The header counts in seconds.
  const skew = Math.abs(Date.now() - Date.parse(date) - 500);
  const seconds = (skew / 1_000).toFixed(1);
  if (skew <= TOLERATED_SKEW_MS)
    return { verdict: 'good', what: 'the clocks of the service and of this machine agree' };
  return {
    verdict: 'doubt',
    what: `the clocks of the service and of this machine differ by ${seconds} s`,
    advice:
      'Tokens made here may count as expired or not yet good there. Set both clocks by NTP, or raise WS_JWT_CLOCK_TOLERANCE_MS.',
  };
}

async function readiness(url: string): Promise<Finding> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
  if (answer === undefined) return { verdict: 'fault', what: '/readyz does not answer' };
  if (answer.status === 404)
    return { verdict: 'note', what: '/readyz is kept inside: whether it is ready was not asked' };
  const text = await answer.text();
  if (answer.ok) {
    const { mode } = JSON.parse(text) as { mode: string };
    return mode === 'unified'
      ? { verdict: 'good', what: 'it is ready, in mode unified' }
      : {
          verdict: 'doubt',
          what: `it is ready, in mode ${mode}`,
          advice: 'docs/operations.md says what the modes mean.',
        };
  }
  return {
    verdict: 'fault',
    what: `it is not ready: ${text.slice(0, 200)}`,
    advice: 'Where it says that the log is not reachable: see WS_LOG_URL, and whether that server runs.',
  };
}

async function withKey(url: string, env: Environment): Promise<readonly Finding[]> {
  let server: ServerOptions;
  try {
    server = readServer({ url });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [NO_KEY];
  }
  const answer = await get(server.url, '/v1/users/ws-doctor/events?limit=1', { authorization: `Bearer ${server.key}` });
  const status = typeof answer === 'string' ? 0 : answer.status;
  // On a loopback address dev-key was tried.
  if (status === 401 && !env['WS_API_KEY']) return [NO_KEY];
  if (status === 401) {
    return [
      {
        verdict: 'fault',
        what: 'the key of WS_API_KEY is not known there',
        advice: 'Set WS_API_KEY to one that is: WS_API_KEY or WS_API_KEYS_FILE of the service.',
      },
    ];
  }
  if (status === 403) return [{ verdict: 'note', what: 'the key may not read: streams were not tried' }];
  if (status !== 200) return [{ verdict: 'fault', what: `reading a stream with the key was answered with ${status}` }];
  return [{ verdict: 'good', what: 'the key is known there' }, await inspectEventStream(server)];
}

/** What is for those who run it should not be for everybody. */
async function exposure(url: string, { hostname, protocol }: URL): Promise<Finding> {
  const metrics = await get(url, '/metrics');
  const isOpen = typeof metrics !== 'string' && metrics.ok;
  const isPrivate = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(hostname);
  if (isOpen && !isPrivate) {
    return {
      verdict: 'doubt',
      what: `${protocol}//${hostname}/metrics is open to everybody who can reach that address`,
      advice:
        'Keep /metrics, /healthz, /readyz, /debug and /inspector inside, as the configurations in docs/deploy do.',
    };
  }
  return {
    verdict: 'good',
    what: isOpen ? '/metrics is open, on an address that is not public' : '/metrics is kept inside',
  };
}
