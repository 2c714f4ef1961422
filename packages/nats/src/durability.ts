import type { DurabilityProfile } from '@ws/core/log';
import type { StorageFacts } from './storage.ts';
import type { OnRestart } from './options.ts';

const RESTART: { readonly [Restart in OnRestart]: string } = {
  auto: 'a new epoch says so after every restart of the server',
  keep: 'onRestart keep: that goes unnoticed unless a process of this service was up and knows better',
};

/** What an append that returned promises, by what is known of the streams. */
export function durabilityOf(facts: StorageFacts | undefined, onRestart: OnRestart): string {
  if (facts === undefined)
    return 'unknown: it depends on the replicas of the JetStream stream, which could not be read yet';
  const { replicas, server } = facts;
  if (replicas > 1) {
    return (
      `an accepted event was written by a majority of ${replicas} servers before it was acknowledged, each of which syncs it to disk ` +
      'within its sync_interval (two minutes by default): it survives killed servers and the loss of a minority of machines; a power ' +
      'cut of most of them at once may take the last ones'
    );
  }
  const said = server === undefined ? 'in a cluster that goes unnoticed: use replicas' : RESTART[onRestart];
  return (
    'an accepted event was handed to the operating system of one JetStream server before it was acknowledged, which syncs it to disk ' +
    'within its sync_interval (two minutes by default): it survives a killed server; a system crash or a power cut may take the last ' +
    `ones (${said})`
  );
}

/** The same as data. How often its servers sync they do not tell. */
export function durabilityProfileOf(facts: StorageFacts | undefined, onRestart: OnRestart): DurabilityProfile {
  const { replicas, version } = facts ?? {};
  const isReplicated = replicas !== undefined && replicas > 1;
  const unlessReplicated = replicas === undefined ? 'unknown' : isReplicated ? 'yes' : 'no';
  return {
    settings: {
      num_replicas: String(replicas ?? 'unknown'),
      sync_interval: 'unknown',
      server: version ?? 'unknown',
      onRestart,
    },
    survives: {
      killedProcess: 'yes',
      killedServer: 'yes',
      powerCut: unlessReplicated,
      ...(isReplicated ? { failover: 'yes' } : {}),
    },
  };
}
