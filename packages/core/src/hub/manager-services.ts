import type { EventInput, RunId } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import type { AcceptOptions, Session } from '../connection/session.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Modes } from '../modes/modes.ts';
import type { TimingSink } from '../observe/metrics.ts';
import type { IdSource } from '../random.ts';
import type { RunRegistry } from '../agent/run-registry.ts';
import type { LocalRun } from '../agent/local-run.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';

/** What a manager needs of its hub. */
export interface ManagerServices {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly onTiming: TimingSink | undefined;
  readonly runs: RunRegistry;
  readonly modes: Modes;
  readonly log: EventLog;
  /** Aborted when the hub is closed. */
  readonly closing: AbortSignal;
  stream(key: StreamKey): UserStream;
  streamInMemory(key: StreamKey): UserStream | undefined;
  emit(stream: UserStream, events: readonly EventInput[]): Promise<readonly EmitReceipt[]>;
  emitOne(stream: UserStream, event: EventInput): Promise<EmitReceipt>;
  extendRun(stream: UserStream, runId: RunId): Promise<number>;
  adoptRun(stream: UserStream, run: LocalRun): () => void;
  accept(socket: ConnectionSocket, options: AcceptOptions): Session;
}
