import type { RunLease, StreamKey } from '@ws/core/log';
import type { RunId } from '@ws/types';

/** The subjects of a log, and the names of its two JetStream streams. */
export class Subjects {
  /** Stream of events. */
  readonly events: string;
  /** Stream of what there is one of: epoch, what was trimmed, leases. */
  readonly state: string;
  /** Stream of tickets, which are short-lived. */
  readonly tickets: string;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    const name = prefix.toUpperCase();
    this.events = `${name}_EVENTS`;
    this.state = `${name}_STATE`;
    this.tickets = `${name}_TICKETS`;
  }

  /** What the stream of events takes. */
  get ofEvents(): readonly string[] {
    return [this.allEvents, this.#of('parts', '*'), this.probe];
  }

  /** What the stream of state takes. */
  get ofState(): readonly string[] {
    return [this.epoch, this.#of('trimmed', '*'), this.#of('lease', '*', '*')];
  }

  /** What the stream of tickets takes. */
  get ofTickets(): readonly string[] {
    return [this.#of('ticket', '*')];
  }

  /** Where JetStream publishes every message of events once it is stored: what processes listen to. */
  get republish(): { readonly src: string; readonly dest: string } {
    return { src: this.allEvents, dest: this.#of('feed', '{{wildcard(1)}}') };
  }

  /** A new epoch is published again once it is stored, too. */
  get republishEpoch(): { readonly src: string; readonly dest: string } {
    return { src: this.epoch, dest: this.newEpoch };
  }

  get newEpoch(): string {
    return this.#of('new-epoch');
  }

  get epoch(): string {
    return this.#of('epoch');
  }

  /** To try whether there is room. */
  get probe(): string {
    return this.#of('probe');
  }

  get leases(): string {
    return this.#of('lease', '*', '*');
  }

  get allEvents(): string {
    return this.#of('events', '*');
  }

  /** The stream whose events lie on a subject. */
  readEvents(subject: string): StreamKey {
    // What `eventsOf` was given.
    return decode(subject.slice(this.#of('events').length + 1)) as StreamKey;
  }

  eventsOf(stream: StreamKey): string {
    return this.#of('events', token(stream));
  }

  /** Pieces of what is too large for one message. */
  partsOf(stream: StreamKey): string {
    return this.#of('parts', token(stream));
  }

  feedOf(stream: StreamKey): string {
    return this.#of('feed', token(stream));
  }

  trimmedOf(stream: StreamKey): string {
    return this.#of('trimmed', token(stream));
  }

  leaseOf({ stream, runId }: Pick<RunLease, 'stream' | 'runId'>): string {
    return this.#of('lease', token(stream), token(runId));
  }

  ticketOf(key: string): string {
    return this.#of('ticket', token(key));
  }

  /** Where processes say which connections of all streams they have. */
  get allConnections(): string {
    return this.#of('connections', '*');
  }

  connectionsOf(stream: StreamKey): string {
    return this.#of('connections', token(stream));
  }

  /** The stream whose connections a message is about. */
  readConnections(subject: string): StreamKey {
    // What `connectionsOf` was given.
    return decode(subject.slice(this.#of('connections').length + 1)) as StreamKey;
  }

  /** The run that a subject of a lease is about. */
  readLease(subject: string): Pick<RunLease, 'stream' | 'runId'> {
    const [stream = '', runId = ''] = subject.slice(this.#of('lease').length + 1).split('.');
    // What `leaseOf` was given.
    return { stream: decode(stream) as StreamKey, runId: decode(runId) as RunId };
  }

  #of(...tokens: readonly string[]): string {
    return [this.#prefix, ...tokens].join('.');
  }
}

/** One token of a subject: no dot, no wildcard, and not the blank within a stream's name. */
function token(id: string): string {
  return id.replaceAll(/[%.*> ]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}

function decode(text: string): string {
  return text.replaceAll(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
