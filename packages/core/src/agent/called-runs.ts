import type { EventId, EventInput, RunId } from '@ws/types';
import type { LeaseKeeper } from './lease-keeper.ts';
import { endReservedRun, isKnown } from './reserved-run.ts';
import type { RunRegistry } from './run-registry.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';

export interface CalledRunsOptions {
  readonly stream: (key: StreamKey) => UserStream;
  readonly emit: (stream: UserStream, events: readonly EventInput[]) => Promise<unknown>;
  readonly runs: Pick<RunRegistry, 'isLocal' | 'close'>;
  readonly leases: Pick<LeaseKeeper, 'renew'>;
  readonly publisherLeaseMs: number;
}

/** `new`: it has not begun. */
export type RunProgress = 'new' | 'open' | 'ended';

/** The runs that calls are about, in the streams of their users. */
export class CalledRuns {
  readonly #options: CalledRunsOptions;

  constructor(options: CalledRunsOptions) {
    this.#options = options;
  }

  /** Whether the run is emitted in this process: its agent is here, and is not called. */
  isLocal(stream: StreamKey, runId: RunId): boolean {
    return this.#options.runs.isLocal(stream, runId);
  }

  /**
   * Whether the stream of the user has the event that a call is about.
   *
   * @throws the log's errors
   */
  async has(key: StreamKey, eventId: EventId): Promise<boolean> {
    const [offset] = await this.#options.stream(key).lookup([eventId]);
    return offset !== undefined;
  }

  /**
   * How far the run has come.
   *
   * @param isAgain - somebody may have begun it: ask the log, too
   * @throws the log's errors
   */
  async progress(key: StreamKey, runId: RunId, isAgain: boolean): Promise<RunProgress> {
    const stream = this.#options.stream(key);
    await stream.load();
    if (isAgain && !isKnown(stream, runId)) await stream.refresh();
    if (!isKnown(stream, runId)) return 'new';
    return stream.runs.get(runId) === undefined ? 'ended' : 'open';
  }

  /** Ends a run as `interrupted` that its agent did not begin, or left. Does nothing if it has ended. */
  async giveUp(key: StreamKey, runId: RunId, error: string): Promise<void> {
    const { emit, runs } = this.#options;
    const stream = this.#options.stream(key);
    await stream.load();
    await stream.refresh();
    if (isKnown(stream, runId)) await runs.close(stream, runId, 'interrupted', error);
    else await endReservedRun(stream, runId, emit, { status: 'interrupted', error });
  }

  /** The agent has the call, or goes on with it: it has this time, in milliseconds, to publish something. */
  async renew(stream: StreamKey, runId: RunId, forMs = 0): Promise<void> {
    const { leases, publisherLeaseMs } = this.#options;
    await leases.renew(stream, runId, Math.max(forMs, publisherLeaseMs));
  }
}
