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
  const { settings, faults } = settingsOf(env);
  const unknown = unknownVariables(env).map((what): Finding => ({ verdict: 'doubt', what }));
  const found = [nodeVersion(process.versions.node), ...faults, ...unknown];
  if (settings === undefined) return found;
  return [
    ...found,
    // Of settings that are put right here for a look at the others nothing good is said.
    ...(faults.length > 0 ? [] : [mode(settings), ...inspectSecrets(settings)]),
    ...origins(settings),
    await port(settings),
    await inspectLog(settings.log),
  ];
}

/** What the other commands read as well. */
const OF_THE_COMMAND: ReadonlySet<string> = new Set(['WS_URL', 'WS_API_KEY']);

/** Whether an environment says nothing of a service: one that runs elsewhere is looked at. */
function isEmpty(env: Environment): boolean {
  if (env['NODE_ENV'] === 'production') return false;
  return !Object.entries(env).some(([name, value]) => name.startsWith('WS_') && value && !OF_THE_COMMAND.has(name));
}

/** Stand in for secrets that are refused, so that what comes after them is looked at as well. */
const standIn = (): string => randomBytes(32).toString('base64url');

/**
 * The settings, and every fault of theirs: a variable that is refused is left out, and the others are read again. Without settings where
 * the service lacks what it can't do without.
 */
function settingsOf(env: Environment): { readonly settings?: Settings; readonly faults: readonly Finding[] } {
  const faults: Finding[] = [];
  let left = env;
  for (;;) {
    try {
      return { settings: readSettings(left), faults };
    } catch (error) {
      if (!isWebSocketError(error)) throw error;
      faults.push({ verdict: 'fault', what: `the service would not start: ${error.message}` });
      const name = /\bWS_[A-Z_]+\b/.exec(error.message)?.[0];
      if (name === undefined || !left[name] || left[name] !== env[name]) return { faults };
      left = { ...left, [name]: name === 'WS_JWT_SECRET' || name === 'WS_API_KEY' ? standIn() : undefined };
    }
  }
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
