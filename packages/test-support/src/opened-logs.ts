import type { EventLog } from '@ws/core';

/** The logs that a conformance harness opened: each can be opened again with the options that it had. */
export class OpenedLogs<Options> {
  readonly #openLog: (options: Options) => EventLog;
  readonly #options = new Map<EventLog, Options>();

  constructor(openLog: (options: Options) => EventLog) {
    this.#openLog = openLog;
  }

  /** How many there were so far: a part of the name of the next. */
  get count(): number {
    return this.#options.size;
  }

  async open(options: Options): Promise<EventLog> {
    const log = this.#openLog(options);
    this.#options.set(log, options);
    // Connected, so that "from now on" begins for its listeners.
    await log.healthy();
    return log;
  }

  /** Opens another log on the same data. */
  async another(log: EventLog): Promise<EventLog> {
    return this.open(this.optionsOf(log));
  }

  /** Closes a log, and opens one on the same data. */
  async reopen(log: EventLog): Promise<EventLog> {
    await log.close();
    return this.another(log);
  }

  optionsOf(log: EventLog): Options {
    const options = this.#options.get(log);
    if (options === undefined) throw new Error('this log was not opened here');
    return options;
  }
}
