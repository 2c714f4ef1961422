import type { DurabilityProfile, Durability } from '@ws/core/log';
import type { ServerFacts } from './server-facts.ts';

const FAILOVER = 'a failover to a replica may lose the last ones, and a new epoch says so then';
const SAID = 'and a new epoch says so then, as after a failover to a replica';

const WITH_FILE = {
  always:
    'an accepted event was synced to the append-only file before it was acknowledged: it survives a killed Redis, a system ' +
    `crash and a power cut, as far as disk and file system honour fsync; ${FAILOVER}`,
  everysec:
    'an accepted event is synced within two seconds: a killed Redis, a system crash or a power cut may take those of the last two ' +
    `seconds, ${SAID}`,
  no:
    'an accepted event was handed to the operating system before it was acknowledged: it survives a killed Redis; a system crash ' +
    `or a power cut may take those of half a minute, ${SAID}`,
  unknown:
    'an accepted event is written to the append-only file; when it is synced depends on appendfsync, which could not be read: a ' +
    `Redis that ends may take the last ones, ${SAID}`,
};

const IN_MEMORY =
  'an accepted event lies in the memory of Redis, which has no append-only file: a Redis that ends takes what came after its last ' +
  'snapshot, and a new epoch says so then';

const UNKNOWN = 'unknown: it depends on appendonly and appendfsync of Redis, which could not be read';

/** What an append that returned promises, by what the server says of itself. */
export function durabilityOf(facts: ServerFacts | undefined): string {
  const { appendOnly, fsync = 'unknown', evicts } = facts ?? {};
  const promise = appendOnly === undefined ? UNKNOWN : appendOnly ? WITH_FILE[fsync] : IN_MEMORY;
  if (evicts === undefined) return promise;
  return `${promise}; its maxmemory-policy '${evicts}' may delete events when memory runs out: set it to noeviction`;
}

/** Whether acknowledged events are there after a killed server and after a power cut, by `appendfsync`. */
const SURVIVES: { readonly [Fsync in NonNullable<ServerFacts['fsync']>]: readonly [Durability, Durability] } = {
  always: ['yes', 'yes'],
  everysec: ['no', 'no'],
  no: ['yes', 'no'],
};

/** The same as data. */
export function durabilityProfileOf(facts: ServerFacts | undefined): DurabilityProfile {
  const { appendOnly, fsync, evicts } = facts ?? {};
  const withFile = fsync === undefined ? (['unknown', 'unknown'] as const) : SURVIVES[fsync];
  const [killedServer, powerCut] = appendOnly === false ? (['no', 'no'] as const) : withFile;
  const isKnown = appendOnly !== undefined;
  return {
    settings: {
      appendonly: isKnown ? (appendOnly ? 'yes' : 'no') : 'unknown',
      appendfsync: fsync ?? 'unknown',
      'maxmemory-policy': isKnown ? (evicts ?? 'noeviction') : 'unknown',
    },
    survives: {
      killedProcess: 'yes',
      killedServer: isKnown ? killedServer : 'unknown',
      powerCut: isKnown ? powerCut : 'unknown',
      // Replication is asynchronous, and WAIT does not change that.
      failover: 'no',
    },
  };
}
