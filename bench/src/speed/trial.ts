import type { LoadReport, Order, Audience } from '../load/orders.ts';
import type { Command, Usage } from '../targets/control-messages.ts';
import type { EmissionPlan } from '../targets/emission.ts';
import { LoadProcess } from './load-process.ts';
import { SECRET, TargetProcess, TargetStore, type TargetStart } from './target-process.ts';
import { targetOf, type Target, type TargetName } from './targets.ts';

/** What one trial gave, by figure. */
export type Measured = Readonly<Record<string, number>>;

export interface TrialOptions {
  /** How long what is measured lasts. */
  readonly seconds: number;
  /** Divides numbers of connections and events: above 1 for a quick look. */
  readonly scale: number;
  /** Where a CPU profile of the server goes. */
  readonly profileFolder?: string | undefined;
}

/** One workload on one server, once: its processes, and what is asked of them. */
export class Trial {
  readonly target: Target;
  /** How long what is measured lasts. */
  readonly seconds: number;
  /** Divides numbers of connections and events: above 1 for a quick look. */
  readonly scale: number;
  readonly #profileFolder: string | undefined;
  readonly #store: TargetStore;
  readonly #load = new LoadProcess();
  #crowd: LoadProcess | undefined;
  #server: TargetProcess | undefined;

  private constructor(target: Target, store: TargetStore, { seconds, scale, profileFolder }: TrialOptions) {
    this.target = target;
    this.#store = store;
    this.seconds = seconds;
    this.scale = scale;
    this.#profileFolder = profileFolder;
  }

  static async open(name: TargetName, options: TrialOptions): Promise<Trial> {
    const target = targetOf(name);
    return new Trial(target, await TargetStore.open(target), options);
  }

  async startServer(start: TargetStart = {}): Promise<TargetProcess> {
    this.#server = await TargetProcess.start(this.target, this.#store, {
      profileFolder: this.#profileFolder,
      ...start,
    });
    return this.#server;
  }

  get server(): TargetProcess {
    if (this.#server === undefined) throw new Error('the trial has no server yet');
    return this.#server;
  }

  serve(command: Command): Promise<Usage> {
    return this.server.ask(command);
  }

  load(order: Order): Promise<LoadReport> {
    return this.#load.ask(order);
  }

  /** As {@link load}, for clients whose own work must not be felt by those that are measured: another process, that waits for these. */
  loadBeside(order: Order): Promise<LoadReport> {
    this.#crowd ??= new LoadProcess({ yields: true });
    return this.#crowd.ask(order);
  }

  /** An audience for this trial's server. */
  audience(connections: number, users: number, { firstUser = 0, oneThread = false } = {}): Audience {
    const { dialect } = this.target;
    return { dialect, port: this.server.port, connections, users, firstUser, secret: SECRET, oneThread };
  }

  /** A number of connections or events, at the scale of this trial. */
  scaled(count: number): number {
    return Math.max(1, Math.round(count / this.scale));
  }

  async emit(plan: EmissionPlan): Promise<void> {
    await this.serve({ do: 'emit', plan });
  }

  async close(): Promise<void> {
    await this.#load.stop();
    await this.#crowd?.stop();
    if (this.#profileFolder === undefined) await this.#server?.kill();
    else await this.#server?.end();
    await this.#store.close();
  }
}

/** A workload: what is done to a server, and the figures that come of it. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly TargetName[];
  readonly figures: readonly Figure[];
  /** Rounds there are at most: for what takes long and varies little. */
  readonly maxRounds?: number;
  run(trial: Trial): Promise<Measured>;
}

export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly better: 'more' | 'less';
  /** Digits after the point. */
  readonly digits?: number;
  /** Whether servers are compared by it. */
  readonly compared?: boolean;
}
