import { AckPolicy, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream';
import { createInbox, type Msg } from '@nats-io/transport-node';
import type { Clock } from '@ws/core/log';
import type { Connection, Link } from './connection.ts';
import { unavailableFault } from './log-fault.ts';
import { previousOf, type RawMessage } from './raw-message.ts';

export interface ReadRange {
  /** Name of the JetStream stream. */
  readonly stream: string;
  /** Subject, or a pattern of several. */
  readonly subject: string;
  readonly from: number;
  /**
   * A sequence known to be there: reading goes on until it was met, or is gone. Where it is left out, reading ends where the replica
   * that answers has no more.
   */
  readonly to?: number;
}

/** Messages asked for at once. */
const BATCH = 500;
/** Bytes sent at once, so that large messages do not pile up. */
const BATCH_BYTES = 16 * 1_048_576;
/** A consumer that nobody deleted goes by itself after so long. */
const INACTIVE_NS = 10_000_000_000;
/** How long to wait for a replica that lags behind its leader, and how often. */
const LAG_MS = 10;
const MAX_LAGS = 100;

/** Reads the messages of a subject in order, from a sequence on, through a consumer that lives as long as that takes. */
export class SubjectReader {
  readonly #connection: Connection;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #place: string;

  constructor(connection: Connection, { clock, place }: { clock: Pick<Clock, 'after'>; place: string }) {
    this.#connection = connection;
    this.#clock = clock;
    this.#place = place;
  }

  /** Hands each message to `take`, until that says `false` or there is no more. */
  async read({ stream, subject, from, to }: ReadRange, take: (message: RawMessage) => boolean): Promise<void> {
    const { name } = await this.#connection.run(({ jsm }) =>
      jsm.consumers.add(stream, {
        ack_policy: AckPolicy.None,
        replay_policy: ReplayPolicy.Instant,
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: Math.max(1, from),
        filter_subject: subject,
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: INACTIVE_NS,
      }),
    );
    let last = 0;
    try {
      for (let lags = 0; lags < MAX_LAGS; lags += 1) {
        const before = last;
        const ended = await this.#connection.run((link) =>
          pull(link, { stream, consumer: name }, (message) => {
            last = message.sequence;
            return take(message) && last !== to;
          }),
        );
        if (ended === 'enough' || (ended === 'no more' && to === undefined)) return;
        if (last > before) lags = 0;
        if (ended === 'batch') continue;
        if (await this.#isGone(stream, to)) return;
        await new Promise<void>((resolve) => this.#clock.after(LAG_MS, resolve));
      }
    } finally {
      this.#connection.run(({ jsm }) => jsm.consumers.delete(stream, name)).catch(() => undefined);
    }
    throw unavailableFault(this.#place, new Error(`message ${to} of ${stream}, which is there, is not delivered`));
  }

  /** Whether a message was deleted meanwhile: then everything up to it was let go. */
  async #isGone(stream: string, sequence: number | undefined): Promise<boolean> {
    if (sequence === undefined) return false;
    const found = await this.#connection.run(({ jsm }) => jsm.streams.getMessage(stream, { seq: sequence }));
    return found === null;
  }
}

type Ended = 'enough' | 'batch' | 'no more';

/** Takes a batch of messages, until `take` says `false`. */
function pull(
  { nc, api }: Link,
  { stream, consumer }: { stream: string; consumer: string },
  take: (message: RawMessage) => boolean,
): Promise<Ended> {
  const inbox = createInbox();
  return new Promise<Ended>((resolve, reject) => {
    let count = 0;
    const subscription = nc.subscribe(inbox, {
      callback: (error, message) => {
        const ended = error === null ? judge(message) : error;
        if (ended === 'going on') return;
        // Nothing that is under way already is taken after that.
        subscription.unsubscribe();
        if (ended instanceof Error) reject(ended);
        else resolve(ended);
      },
    });
    const judge = (message: Msg): Ended | 'going on' | Error => {
      const { code = 0, description } = message.headers ?? {};
      if (code === 404 || code === 408) return 'no more';
      // What comes next would make it too many bytes.
      if (code === 409 && count > 0) return 'batch';
      if (code > 0) return new Error(description);
      count += 1;
      try {
        if (!take(toRawMessage(message))) return 'enough';
      } catch (fault) {
        return fault instanceof Error ? fault : new Error(String(fault));
      }
      return count === BATCH ? 'batch' : 'going on';
    };
    const request = { batch: BATCH, no_wait: true, max_bytes: BATCH_BYTES };
    nc.publish(`${api}.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(request), { reply: inbox });
  });
}

/** A message that a consumer delivers: where it lies stands in its reply subject. */
function toRawMessage({ subject, reply = '', headers, data }: Msg): RawMessage {
  const tokens = reply.split('.');
  // `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.…`; servers that name domain and account have two more in front.
  const sequence = Number(tokens[tokens.length >= 11 ? 7 : 5]);
  return { subject, sequence, previous: previousOf(headers), body: data };
}
