/** `no`: the last events may be gone, and a new epoch says so. `unknown`: it depends on what could not be read. */
export type Durability = 'yes' | 'no' | 'unknown';

/** What may happen to what holds a log. */
export type Failure =
  /** This process ends, in whatever way. */
  | 'killedProcess'
  /** The server that holds the log ends, in whatever way. */
  | 'killedServer'
  /** A machine that holds the log crashes or loses its power. */
  | 'powerCut'
  /** Another server takes the place of the one that held the log. */
  | 'failover';

/** What an append that returned promises, as data. */
export interface DurabilityProfile {
  /** What it follows from: the settings in force, by the names they have where they are set; `unknown` for one that can't be read. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether acknowledged events are there afterwards. What can't happen to a log is left out. */
  readonly survives: Readonly<Partial<Record<Failure, Durability>>>;
}
