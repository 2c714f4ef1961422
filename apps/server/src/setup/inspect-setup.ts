import { createServer } from 'node:net';
import { once } from 'node:events';
import { isWebSocketError } from '@ws/types';
import { readSettings, type Environment, type Settings } from '../settings/index.ts';
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
  const settings = settingsOf(env);
  if ('verdict' in settings) return [nodeVersion(process.versions.node), settings];
  return [
    nodeVersion(process.versions.node),
    mode(settings),
    ...inspectSecrets(settings),
    ...origins(settings),
    await port(settings),
    await inspectLog(settings.log),
  ];
}

function settingsOf(env: Environment): Settings | Finding {
  try {
    return readSettings(env);
  } catch (error) {
    if (!isWebSocketError(error)) throw error;
    return { verdict: 'fault', what: `the service would not start: ${error.message}` };
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
    what: `development mode, on ${host}: anybody on this machine gets a token for any user`,
    advice: 'With NODE_ENV=production, or on another address, the service asks for secrets of its own.',
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
  const who =
    allowedOrigins.length === 0 ? 'only pages of the service itself' : `pages of ${allowedOrigins.join(', ')}`;
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
