const KEPT_SAMPLES = 50;

/** Everything a soak run counts. */
export class Tally {
  /** Events delivered, those inside of merged frames one by one. */
  delivered = 0;
  eventFrames = 0;
  mergedFrames = 0;
  published = 0;
  publishRetries = 0;
  violations = 0;
  readonly violationSamples: string[] = [];
  /** How hellos were answered: `new`, `resumed`, `reset`. */
  readonly recoveries = new Map<string, number>();
  /** What was done to sockets. */
  readonly disturbances = new Map<string, number>();
  /** Sockets that ended without our doing, by close code, and upgrades that were refused, by status. */
  readonly closes = new Map<string, number>();
  /** Control frames of the server by type. */
  readonly control = new Map<string, number>();

  violation(what: string): void {
    this.violations += 1;
    if (this.violationSamples.length < KEPT_SAMPLES) this.violationSamples.push(what);
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const { delivered, eventFrames, mergedFrames, published, publishRetries, violations, violationSamples } = this;
    return {
      delivered,
      eventFrames,
      mergedFrames,
      published,
      publishRetries,
      violations,
      violationSamples,
      recoveries: Object.fromEntries(this.recoveries),
      disturbances: Object.fromEntries(this.disturbances),
      closes: Object.fromEntries(this.closes),
      control: Object.fromEntries(this.control),
    };
  }
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
