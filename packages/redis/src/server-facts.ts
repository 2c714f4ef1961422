import type { RedisLink } from './redis-link.ts';

/** What a server says of itself, as far as it may be asked. */
export interface ServerFacts {
  /** Major version of Redis, or the one that Valkey speaks for. */
  readonly majorVersion: number;
  readonly isCluster: boolean;
  readonly appendOnly: boolean | undefined;
  readonly fsync: 'always' | 'everysec' | 'no' | undefined;
  /** What happens when its memory is full, where that is anything but an error. */
  readonly evicts: string | undefined;
}

// As a script, because a cluster's client sends the command itself to every server.
const INFO = `
local answer = {}
for i, section in ipairs({ 'server', 'persistence', 'memory', 'cluster' }) do
  local text = redis.pcall('INFO', section)
  answer[i] = type(text) == 'string' and text or ''
end
return table.concat(answer)`;

/** Managed services and rules of access may forbid `CONFIG`. That nothing came back says nothing: the whole is asked again. */
function forbidden(error: unknown): undefined {
  if (error instanceof Error && /^(ERR|NOPERM)\b/.test(error.message)) return undefined;
  throw error;
}

/** Asks the server that has `key`. What it does not tell is left open. */
export async function readServerFacts(send: RedisLink['send'], key: string): Promise<ServerFacts> {
  const [info, config] = await Promise.all([
    send(key, ['EVAL', INFO, '0']),
    send(key, ['CONFIG', 'GET', 'appendfsync']).catch(forbidden),
  ]);
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(String(info))?.[1];
  const appendOnly = field('aof_enabled');
  const policy = field('maxmemory_policy');
  const fsync = /always|everysec|\bno\b/.exec(JSON.stringify(config) ?? '')?.[0];
  return {
    majorVersion: Number.parseInt(field('redis_version') ?? '0', 10),
    isCluster: field('cluster_enabled') === '1',
    appendOnly: appendOnly === undefined ? undefined : appendOnly === '1',
    fsync: fsync as ServerFacts['fsync'],
    evicts: policy === 'noeviction' ? undefined : policy,
  };
}
