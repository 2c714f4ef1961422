import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { isWebSocketError } from '@ws/types';
import { readSettings, unknownVariables, type Environment, type Settings } from '../settings/index.ts';
import type { Finding } from './finding.ts';
import { inspectLog } from './inspect-log.ts';
import { inspectSecrets } from './inspect-secrets.ts';

/** What `node:sqlite` and the rest of the service need. */
const MIN_NODE = [22, 13] as const;

/**
 * Looks at the settings in an environment as the service would, and at what they name: whether the port is free, the log can be
 * reached and what it promises, how strong secrets are. Starts nothing, and leaves nothing behind but an empty log.
 */
export async function inspectSetup(env: Environment): Promise<readonly Finding[]> {
  if (isEmpty(env)) {
    const what = 'no setting of a service is set here: start it with its settings to see which are missing';
    return [nodeVersion(process.versions.node), { verdict: 'note', what }];
  }
  const { settings, faults, refused } = settingsOf(env);
  const unknown = unknownVariables(env).map((what): Finding => ({ verdict: 'doubt', what }));
  const found = [nodeVersion(process.versions.node), ...faults, ...unknown];
  if (settings === undefined) return found;
  return [
    ...found,
    // Of settings that are put right here for a look at the others nothing good is said.
    ...(faults.length > 0 ? [] : [mode(settings), ...inspectSecrets(settings)]),
    // The default of a setting that is refused is not what was meant.
    ...(refused.has('WS_ALLOWED_ORIGINS') ? [] : origins(settings)),
    ...(refused.has('WS_HOST') || refused.has('WS_PORT') ? [] : [await port(settings)]),
    ...(refused.has('WS_LOG_URL') ? [] : [await inspectLog(settings.log)]),
  ];
}

/** What the other commands read as well. */
const OF_THE_COMMAND: ReadonlySet<string> = new Set(['WS_URL', 'WS_API_KEY']);

/** Whether an environment says nothing of a service: one that runs elsewhere is looked at. */
function isEmpty(env: Environment): boolean {
  if (env['NODE_ENV'] === 'production') return false;
  return !Object.entries(env).some(([name, value]) => name.startsWith('WS_') && value && !OF_THE_COMMAND.has(name));
}

/** Secrets for which another stands in where they are refused or missing, so that what comes after them is looked at as well. */
const SECRETS: ReadonlySet<string> = new Set(['WS_JWT_SECRET', 'WS_API_KEY']);

interface Inspected {
  /** Absent where one of the faults keeps the rest from being read. */
  readonly settings?: Settings;
  readonly faults: readonly Finding[];
  /** Variables that were put right for a look at the others. */
  readonly refused: ReadonlySet<string>;
}

/** The settings, and every fault of theirs: a variable that is refused is left out, and the others are read again. */
function settingsOf(env: Environment): Inspected {
  const faults: Finding[] = [];
  const refused = new Set<string>();
  let left = env;
  for (;;) {
    try {
      return { settings: readSettings(left), faults, refused };
    } catch (error) {
      if (!isWebSocketError(error)) throw error;
      faults.push({ verdict: 'fault', what: `the service would not start: ${error.message}` });
      const names = toPutRight(error.message, left).filter((name) => !refused.has(name));
      if (names.length === 0) return { faults, refused };
      for (const name of names) {
        refused.add(name);
        left = { ...left, [name]: SECRETS.has(name) ? randomBytes(32).toString('base64url') : undefined };
      }
    }
  }
}

/** The variable that a refusal is about, or the secrets that it misses. */
function toPutRight(message: string, env: Environment): readonly string[] {
  const named = message.match(/\bWS_[A-Z_]+\b/g) ?? [];
  const [first = ''] = named;
  if (!env[first] && SECRETS.has(first)) return named.filter((name) => SECRETS.has(name) && !env[name]);
  return named.filter((name) => env[name]).slice(0, 1);
}

/** Whether the service runs on a version of Node. */
function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isGood = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  if (isGood) return { verdict: 'good', what: `Node ${version}` };
  const advice = `The service needs Node ${MIN_NODE.join('.')} or later.`;
  return { verdict: 'fault', what: `Node ${version} is too old`, advice };
}

function mode({ development, host }: Settings): Finding {
  if (!development) return { verdict: 'good', what: `production: development tokens and dev-key are refused` };
  return {
    verdict: 'note',
    what: `development mode, on ${host}: every program and page of this machine gets a token for any user`,
    advice: 'For anything but a try, unset WS_DEVELOPMENT: the service then asks for secrets of its own.',
  };
}

function origins({ allowedOrigins, development }: Settings): readonly Finding[] {
  if (allowedOrigins.includes('*')) {
    return [{ verdict: 'doubt', what: 'pages of any origin may connect', advice: 'Name them in WS_ALLOWED_ORIGINS.' }];
  }
  const plain = allowedOrigins.filter((origin) => origin.startsWith('http:'));
  if (plain.length > 0 && !development) {
    const advice = 'Such a page may have been changed on its way to the user, and it would connect all the same.';
    return [{ verdict: 'doubt', what: `origins without TLS may connect: ${plain.join(', ')}`, advice }];
  }
  const own = development ? 'pages of this machine' : 'pages of the service itself';
  const who = allowedOrigins.length === 0 ? `only ${own}` : `${own} and of ${allowedOrigins.join(', ')}`;
  return [{ verdict: 'good', what: `${who} may connect (WS_ALLOWED_ORIGINS)` }];
}

async function port({ host, port: wanted }: Settings): Promise<Finding> {
  const server = createServer();
  try {
    server.listen({ host, port: wanted });
    await once(server, 'listening');
    return { verdict: 'good', what: wanted === 0 ? 'a free port is chosen' : `port ${wanted} on ${host} is free` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EADDRINUSE') {
      return {
        verdict: 'note',
        what: `port ${wanted} on ${host} is in use`,
        advice: 'By the service, if it runs already; else stop the other program, or choose another port with WS_PORT.',
      };
    }
    return { verdict: 'fault', what: `the service could not listen on ${host}, port ${wanted}: ${code}` };
  } finally {
    server.close();
  }
}
