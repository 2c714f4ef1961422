/** Opaque name of one numbering of a stream: when it changes, earlier offsets mean nothing. */
export type Epoch = string;

/** Number of an event in its epoch: 1 for the first, rising. */
export type Offset = number;

/** A place in a user's stream: everything up to and including `offset` lies before it. */
export interface StreamPosition {
  readonly epoch: Epoch;
  readonly offset: Offset;
}

/** Where to begin in a stream: with the oldest event that is kept, with what comes from now on, or behind a position. */
export type StartFrom = 'earliest' | 'latest' | StreamPosition;
