import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketError } from '@ws/types';

/** The absolute path of the database file that `path` or `url` names. Throws `INVALID_OPTION`. */
export function pathOf({ path, url }: { readonly path?: string; readonly url?: string }): string {
  if ((path === undefined) === (url === undefined)) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'give either path or url of the SQLite log, for example ./data/events.db',
    );
  }
  const name = path ?? pathInUrl(url ?? '');
  if (name === '' || name.includes(':memory:')) {
    throw new WebSocketError('INVALID_OPTION', `'${name}' is no file: use MemoryEventLog for a log without one`);
  }
  return resolve(name);
}

function pathInUrl(url: string): string {
  if (url.startsWith('sqlite:')) return decodeURI(url.slice('sqlite:'.length).replace(/^\/\/(?=[/.])/, ''));
  if (url.startsWith('file://')) return fileURLToPath(url);
  throw new WebSocketError('INVALID_OPTION', `url must look like sqlite:./data/events.db or file:///…, got '${url}'`);
}
