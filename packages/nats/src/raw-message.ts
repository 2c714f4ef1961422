import type { StoredMsg } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';

/** A message as it lies in a JetStream stream. */
export interface RawMessage {
  readonly subject: string;
  readonly sequence: number;
  /** Sequence of the message that had to be the newest of its subject for this one to be written, 0 for none. */
  readonly previous: number;
  readonly body: Uint8Array;
}

/** JetStream keeps it with the message that it was a condition for. */
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';

export function previousOf(headers: MsgHdrs | undefined): number {
  return Number(headers?.get(EXPECTED) ?? 0);
}

/** A message that was asked for by itself. */
export function fromStored({ subject, seq, header, data }: StoredMsg): RawMessage {
  return { subject, sequence: seq, previous: previousOf(header), body: data };
}
