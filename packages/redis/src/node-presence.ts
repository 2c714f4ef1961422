import type { Clock, Timer } from '@ws/core/log';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

export interface NodePresenceOptions {
  readonly connection: Pick<Connection, 'publish' | 'seesListeners' | 'send' | 'subscribe'>;
  readonly keys: Keys;
  readonly clock: Pick<Clock, 'after'>;
  /** What no other process is called. */
  readonly node: string;
  /** How often a sign of life is given. */
  readonly beatMs: number;
  /** A sign of life was given. `wasGone`: others may have taken this process for dead before, or could not reach it. */
  readonly onBeat: (wasGone: boolean) => void;
  /** Another process sent a message. */
  readonly onMessage: (message: string) => void;
}

/** Beats that may be missed before a process counts as dead. */
const BEATS_OF_LIFE = 4;

/** How the processes on one Redis know which of them are alive, and how one tells another something. */
export class NodePresence {
  readonly #options: NodePresenceOptions;
  readonly #key: string;
  readonly #hear = (message: string | Buffer): void => this.#options.onMessage(String(message));
  #state: 'idle' | 'started' | 'stopped' = 'idle';
  /** The connections on which messages are heard; counted, because a beat may end after they were made again. */
  #subscribed = 0;
  #connections = 1;
  #beating: 'no' | 'yes' | 'again' = 'no';
  #timer: Timer | undefined;

  constructor(options: NodePresenceOptions) {
    this.#options = options;
    this.#key = options.keys.node(options.node);
  }

  /** Begins to give signs of life. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'started';
    this.#beat();
  }

  /** The connections were made again: gives a sign of life at once. `isNew`: nothing is subscribed to on them yet. */
  reconnected(isNew: boolean): void {
    if (isNew) this.#connections += 1;
    this.#beat();
  }

  /**
   * Those of `nodes` that gave no sign of life, or do not listen: the server knows at once that a process was killed, long before
   * its last sign of life has lapsed. One that is about to listen again tells everything again when it does.
   */
  async deadOf(nodes: readonly string[]): Promise<ReadonlySet<string>> {
    const { node: own } = this.#options;
    const dead = new Set<string>();
    await Promise.all(
      [...new Set(nodes)].map(async (node) => {
        if (node !== own && !(await this.#isAlive(node))) dead.add(node);
      }),
    );
    return dead;
  }

  async #isAlive(node: string): Promise<boolean> {
    const { connection, keys } = this.#options;
    const key = keys.node(node);
    const [exists, listeners] = await Promise.all([
      connection.send(key, ['EXISTS', key]),
      connection.seesListeners ? connection.send(key, ['PUBSUB', 'NUMSUB', keys.channelOfNode(node)]) : undefined,
    ]);
    return exists === 1 && (!Array.isArray(listeners) || Number(listeners[1]) > 0);
  }

  /** Sends a message to another process. It may be lost. */
  async tell(node: string, message: string): Promise<void> {
    const { connection, keys } = this.#options;
    const command = connection.publish === 'sharded' ? 'SPUBLISH' : 'PUBLISH';
    await connection.send(keys.node(node), [command, keys.channelOfNode(node), message]);
  }

  /** Takes leave: others need not wait until the last sign of life has lapsed. */
  stop(): void {
    if (this.#state === 'started') this.#options.connection.send(this.#key, ['DEL', this.#key]).catch(() => undefined);
    this.#state = 'stopped';
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #beat(): void {
    if (this.#state !== 'started') return;
    if (this.#beating !== 'no') {
      this.#beating = 'again';
      return;
    }
    this.#beating = 'yes';
    this.#timer?.cancel();
    this.#give()
      // The next one tries again.
      .catch(() => undefined)
      .finally(() => {
        const again = this.#beating === 'again';
        this.#beating = 'no';
        if (again) this.#beat();
        else if (this.#state === 'started')
          this.#timer = this.#options.clock.after(this.#options.beatMs, () => this.#beat());
      });
  }

  async #give(): Promise<void> {
    const { connection, keys, node, beatMs, onBeat } = this.#options;
    const connections = this.#connections;
    const wasDeaf = this.#subscribed !== connections;
    if (wasDeaf) {
      await connection.subscribe(keys.channelOfNode(node), this.#hear);
      this.#subscribed = connections;
    }
    const life = String(BEATS_OF_LIFE * beatMs);
    const before = await connection.send(this.#key, ['SET', this.#key, '1', 'PX', life, 'GET']);
    if (this.#state === 'started') onBeat(wasDeaf || before === null);
  }
}
