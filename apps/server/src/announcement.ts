import { resolve } from 'node:path';
import type { LogSetting, Settings } from './settings/index.ts';

/**
 * What the service prints when it listens: where its pages are, where events are kept, which key publishes, and
 * which process to end. The first line is for programs as well.
 *
 * A key or password of the person's own is never repeated.
 */
export function announcement(
  url: string,
  settings: Settings,
  { pid, hasPage }: { readonly pid: number; readonly hasPage: boolean },
): string {
  const lines: readonly (readonly [what: string, value: string])[] = [
    ...(hasPage ? [['page', `${url}/`] as const] : []),
    ['documentation', `${url}/docs`],
    ...(settings.inspector ? [['inspector', `${url}/inspector/`] as const] : []),
    ['events', placeOf(settings.log)],
    ['API key', keyOf(settings)],
    ['process', String(pid)],
  ];
  const width = Math.max(...lines.map(([what]) => what.length));
  return [`listening on ${url}`, ...lines.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`)].join('\n');
}

function placeOf(log: LogSetting): string {
  switch (log.kind) {
    case 'memory':
      return 'in memory, gone when the service stops';
    case 'sqlite':
      return resolve(log.path);
    case 'redis':
    case 'nats':
      // The address may hold a user and a password, in more than one place.
      return `${log.kind}, at the address in WS_LOG_URL`;
  }
}

function keyOf({ apiKey, apiKeysFile, development }: Settings): string {
  const file = apiKeysFile === undefined ? [] : [`those of ${resolve(apiKeysFile)}`];
  if (apiKey === '') return file.join('');
  return [development ? `${apiKey} (development mode)` : 'the one in WS_API_KEY', ...file].join(', and ');
}
