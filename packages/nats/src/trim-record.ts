import type { Offset } from '@ws/types';

/** What is kept of a stream besides its events: one message for each, replaced as a whole. */
export interface TrimRecord {
  /** Events up to this one were let go, 0 for none. */
  readonly trimmed: Offset;
  /** What the last trim left in their place. */
  readonly checkpoint: string | undefined;
  /** Tells this user's epoch from that of the log, where the end of the stream was lost; empty before that. */
  readonly generation: string;
  /** Sequence of the record itself, 0 where there is none yet. */
  readonly sequence: number;
}

/** The first line of the body; the checkpoint, if there is one in it, follows. */
interface Header {
  readonly trimmed: Offset;
  readonly generation?: string;
  /** Sequences of the messages in the stream of events that hold the checkpoint, where it is too large. */
  readonly parts?: readonly number[];
  readonly checkpoint?: true;
}

export const NOTHING_TRIMMED: TrimRecord = { trimmed: 0, checkpoint: undefined, generation: '', sequence: 0 };

/** The body of a record; with `parts` the checkpoint lies elsewhere. */
export function encodeTrimRecord(
  { trimmed, checkpoint, generation }: Omit<TrimRecord, 'sequence'>,
  parts?: readonly number[],
): string {
  const header: Header = {
    trimmed,
    ...(generation === '' ? {} : { generation }),
    ...(parts === undefined ? {} : { parts }),
    ...(parts !== undefined || checkpoint === undefined ? {} : { checkpoint: true }),
  };
  return `${JSON.stringify(header)}\n${parts === undefined ? (checkpoint ?? '') : ''}`;
}

/** Takes a record apart; `parts` are the sequences of messages that hold its checkpoint. */
export function decodeTrimRecord(body: string, sequence: number): TrimRecord & { readonly parts?: readonly number[] } {
  const end = body.indexOf('\n');
  // What this log wrote: nobody else has a reason to write to the subject.
  const { trimmed, generation = '', parts, checkpoint } = JSON.parse(body.slice(0, end)) as Header;
  return {
    trimmed,
    generation,
    sequence,
    checkpoint: checkpoint === true ? body.slice(end + 1) : undefined,
    ...(parts === undefined ? {} : { parts }),
  };
}
