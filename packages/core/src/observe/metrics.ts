/** What a hub counts. Counters only ever grow; {@link HubCounters} holds them since the hub was made. */
export interface HubCounters {
  /** Events written to the log. */
  appended: number;
  /** Events refused: bad shape, wrong run order, log away for too long. */
  refused: number;
  /** Event frames handed to sockets; a merged frame counts once. */
  delivered: number;
  /** Times a connection turned `lagging`. */
  lagged: number;
  /** Connections that said a good hello. */
  connected: number;
  /** Runs ended because their lease lapsed. */
  interrupted: number;
  /** Times the wall clock was set, or the machine suspended. */
  clockSteps: number;
  /** Changes of mode. */
  modeChanges: number;
  /** Connections closed because their peer, or their user, sent too much. */
  rateLimited: number;
  /** Runs that were refused because their user has too many open ones. */
  runLimited: number;
  /** Events that were refused because they, or the arguments of an approval, are too large. */
  tooBig: number;
  /** Frames that were refused because they are nested too deeply. */
  tooDeep: number;
  /** Calls that an agent elsewhere took. */
  callsTaken: number;
  /** Attempts to call it that failed, and are followed by another. */
  callsRetried: number;
  /** Calls that were given up. */
  callsFailed: number;
}

/** What a hub measures, in milliseconds. */
export type TimingName =
  /** From the write to the log to its answer; not where that comes at once. */
  | 'append'
  /** From `hello` to `connection_ready`. */
  | 'open'
  /** From `emit` with `confirm` to the acknowledgement. */
  | 'confirm'
  /** From the timestamp of an event, set by the process that emitted it, to the write to the user's sockets here. */
  | 'delivery'
  /** From `connection_ready`, or from turning `lagging`, to the head of the stream, where events lay between. */
  | 'catch_up';

/** Takes timings; a histogram of any metrics library fits. */
export type TimingSink = (name: TimingName, durationMs: number) => void;

export function newCounters(): HubCounters {
  return {
    appended: 0,
    refused: 0,
    delivered: 0,
    lagged: 0,
    connected: 0,
    interrupted: 0,
    clockSteps: 0,
    modeChanges: 0,
    rateLimited: 0,
    runLimited: 0,
    tooBig: 0,
    tooDeep: 0,
    callsTaken: 0,
    callsRetried: 0,
    callsFailed: 0,
  };
}
