import type { IdSource } from '@ws/core/log';
import type { Keys } from './keys.ts';
import type { OnRestart, ResolvedOptions } from './options.ts';
import type { SendCommand } from './redis-leases.ts';
import { LOOK } from './scripts/look.ts';
import type { ServerFacts } from './server-facts.ts';

export interface ServerRecordOptions extends Pick<ResolvedOptions, 'onRestart' | 'newEpoch'> {
  readonly ids: IdSource;
  readonly keys: Keys;
}

/** What a script takes for `onRestart`: `synced` is `auto` on a server that syncs before it answers. */
export function restartMeans(onRestart: OnRestart, facts: ServerFacts | undefined): OnRestart | 'synced' {
  // Every other setting lets Redis answer before it has written, be it two seconds.
  return onRestart === 'auto' && facts?.fsync === 'always' ? 'synced' : onRestart;
}

/**
 * What the processes on one server have found out about it, in a hash that lies there. Its generation changes when events may have
 * been lost, and streams of an older generation get a new epoch when they are opened: however long they were not used, and
 * whichever server was the master meanwhile.
 */
export class ServerRecord {
  readonly #options: ServerRecordOptions;
  #known = { generation: '', looks: 0 };

  constructor(options: ServerRecordOptions) {
    this.#options = options;
  }

  /** Compares the server with the record, and brings it up to date. Answers whether this process knew another generation. */
  async look(send: SendCommand, facts: ServerFacts): Promise<boolean> {
    const { ids, keys, newEpoch, onRestart } = this.#options;
    const { generation: known, looks } = this.#known;
    const means = restartMeans(onRestart, facts);
    const args = [ids.next(), means, newEpoch ?? '', known, String(looks)];
    const reply = await send(keys.server, ['EVAL', LOOK.text, '1', keys.server, ...args]);
    const [generation, looksNow] = reply as readonly unknown[];
    this.#known = { generation: String(generation), looks: Number(looksNow) };
    return known !== '' && known !== this.#known.generation;
  }
}
