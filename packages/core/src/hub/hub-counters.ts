/** Counters of a hub since it was made. Only ever grow. */
export interface HubCounters {
  /** Events written to the log. */
  appended: number;
  /** Events refused: bad shape, wrong run order, log away. */
  refused: number;
  /** Event frames handed to sockets; a merged frame counts once. */
  delivered: number;
  /** Times a connection turned `lagging`. */
  lagged: number;
  /** Connections that said a good hello. */
  connected: number;
  /** Runs ended because their lease lapsed. */
  interrupted: number;
}

export function newCounters(): HubCounters {
  return { appended: 0, refused: 0, delivered: 0, lagged: 0, connected: 0, interrupted: 0 };
}
