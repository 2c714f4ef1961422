import { isDeepStrictEqual } from 'node:util';
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import type { Link } from './connection.ts';
import { corruptFault, isStreamNotFound } from './log-fault.ts';
import type { ResolvedOptions } from './options.ts';
import type { Subjects } from './subjects.ts';

/** What the streams say of themselves. */
export interface StorageFacts {
  /** When the stream of events was made: another one is another stream. */
  readonly created: string;
  /** Sequence of the newest message ever. */
  readonly lastSequence: number;
  readonly replicas: number;
  /** Version of the server that the log is connected to. */
  readonly version: string;
  /** The server process, where there is one server only; `undefined` in a cluster. */
  readonly server: string | undefined;
}

export interface StorageOptions extends Pick<ResolvedOptions, 'replicas'> {
  readonly subjects: Subjects;
  readonly place: string;
}

type Settings = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;

/** A ticket lives for half a minute, and no longer than this. */
const TICKETS_LIFE_NS = 300_000_000_000;
/** Messages of tickets at once: one that it was given, one that it was taken. */
const MAX_TICKETS = 200_000;
/** Identifications of messages are not used, so JetStream need not remember any for long. */
const DUPLICATE_WINDOW_NS = 1_000_000_000;

/**
 * Makes the JetStream streams, or checks those that are there.
 *
 * @throws `LOG_CORRUPT` for streams with settings under which this log would break its promises
 */
export async function openStorage(link: Link, options: StorageOptions): Promise<StorageFacts> {
  const { subjects, replicas } = options;
  const common: Partial<StreamConfig> = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: 0,
    max_msgs: -1,
    max_bytes: -1,
    duplicate_window: DUPLICATE_WINDOW_NS,
    deny_delete: false,
    deny_purge: false,
  };
  const events: Settings = {
    ...common,
    name: subjects.events,
    subjects: [...subjects.ofEvents],
    description: 'Events of users, by @ws/nats',
    // What is full refuses, and forgets nothing.
    discard: DiscardPolicy.New,
    max_msgs_per_subject: -1,
    republish: subjects.republish,
  };
  const state: Settings = {
    ...common,
    name: subjects.state,
    subjects: [...subjects.ofState],
    description: 'Epoch, trims and run leases, by @ws/nats',
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    republish: subjects.republishEpoch,
  };
  const tickets: Settings = {
    ...common,
    name: subjects.tickets,
    subjects: [...subjects.ofTickets],
    description: 'Single-use tickets, by @ws/nats',
    discard: DiscardPolicy.New,
    max_msgs_per_subject: -1,
    max_age: TICKETS_LIFE_NS,
    max_msgs: MAX_TICKETS,
  };
  const [info] = await Promise.all([events, state, tickets].map((settings) => openStream(link, settings, options)));
  if (info === undefined) throw corruptFault(options.place, 'it has no streams');
  const { config, created, state: at } = info;
  return {
    created,
    lastSequence: at.last_seq,
    replicas: config.num_replicas,
    version: link.nc.info?.version ?? 'unknown',
    server: link.nc.info?.cluster === undefined ? link.nc.info?.server_id : undefined,
  };
}

async function openStream(link: Link, settings: Settings, { place }: StorageOptions): Promise<StreamInfo> {
  let info = await infoOf(link, settings.name);
  if (info === undefined) {
    // Several processes that make it at once make one.
    await link.jsm.streams.add(settings);
    // Answered once it has a leader.
    info = await link.jsm.streams.info(settings.name);
  }
  for (const name of checkedOf(settings)) {
    const [is, must] = [info.config[name] ?? undefined, settings[name]];
    if (isDeepStrictEqual(is, must)) continue;
    const why = `its stream ${settings.name} has ${name} ${JSON.stringify(is)}, which must be ${JSON.stringify(must)}`;
    throw corruptFault(place, why);
  }
  return info;
}

/** Settings that must be so, whoever made the stream. The number of replicas is the operator's business. */
function checkedOf({ discard }: Settings): readonly (keyof Settings)[] {
  const always = [
    'subjects',
    'storage',
    'retention',
    'max_age',
    'max_msgs',
    // Where it is reached, servers before 2.10.5 delete the oldest messages, whatever `discard` says.
    'max_bytes',
    'max_msgs_per_subject',
    'deny_delete',
    'deny_purge',
    'republish',
  ] as const;
  return discard === DiscardPolicy.New ? [...always, 'discard'] : always;
}

async function infoOf({ jsm }: Link, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (isStreamNotFound(error)) return undefined;
    throw error;
  }
}
