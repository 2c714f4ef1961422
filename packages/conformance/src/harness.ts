import type { EventLog } from '@ws/core';
import type { MaybePromise } from '@ws/core/log';
import type { ErrorCode } from '@ws/types';

/** What the suite has to know of an implementation to expect the right thing of it. */
export interface EventLogCapabilities {
  /**
   * Events outlive a restart. A log that is not durable has to begin a new epoch then.
   *
   * @default true
   */
  readonly durable?: boolean;
  /**
   * Offsets are 1, 2, 3 and so on. A log whose numbers have holes says `prev` where one is.
   *
   * @default true
   */
  readonly denseOffsets?: boolean;
  /**
   * A listener is told of what another handle on the same storage appends.
   *
   * @default false
   */
  readonly tellsOtherHandles?: boolean;
  /**
   * The log has `aged`, which finds streams with events of long ago. Without it the log has to let go of those by itself.
   *
   * @default false
   */
  readonly findsAged?: boolean;
  /**
   * The log brings along what processes share besides streams: tickets, and the count of a user's connections.
   *
   * @default false
   */
  readonly sharesState?: boolean;
}

/** A fault that can be brought about from outside. */
export interface LogFault {
  /** What happens, as part of a test's name: `the disk is full`. */
  readonly name: string;
  /** The code that an append throws meanwhile. */
  readonly code: Extract<ErrorCode, `LOG_${string}`>;
  /** Opens a log on which the fault can be brought about, where {@link EventLogHarness.open} does not do. */
  readonly open?: () => MaybePromise<EventLog>;
  inflict(log: EventLog): MaybePromise<void>;
  heal(log: EventLog): MaybePromise<void>;
}

/** A way to lose everything a storage holds while it is in use. */
export interface LogLoss {
  /** What happens, as part of a test's name: `the server lost its disk`. */
  readonly name: string;
  /** Opens a log on which the loss can be brought about, where {@link EventLogHarness.open} does not do. */
  readonly open?: () => MaybePromise<EventLog>;
  /** The storage goes away. */
  inflict(log: EventLog): MaybePromise<void>;
  /** It comes back, empty. */
  heal(log: EventLog): MaybePromise<void>;
}

/** A way in which a storage comes back as it was at an earlier time: what was acknowledged since then is gone. */
export interface LogRollback {
  /** What happens, as part of a test's name: `a failover to a replica and back`. */
  readonly name: string;
  /** Opens a log on which it can be brought about, where {@link EventLogHarness.open} does not do. */
  readonly open?: () => MaybePromise<EventLog>;
  /** What is appended from now on will be gone. */
  begin(log: EventLog): MaybePromise<void>;
  /**
   * The storage is as it was then, and as an operator would have it from now on. Answers the log to go on with: another one, or the
   * same where a process would live on.
   */
  rollBack(log: EventLog): MaybePromise<EventLog>;
}

/** How the suite gets at an implementation. Cases whose function is missing are skipped. */
export interface EventLogHarness {
  /** Opens a new log with empty storage of its own. */
  open(): MaybePromise<EventLog>;
  /** Ends `log`, by closing or worse, and opens what it left behind: a restart. */
  reopen?(log: EventLog): MaybePromise<EventLog>;
  /** Opens a second handle on the storage of `log`, as another process would. */
  another?(log: EventLog): MaybePromise<EventLog>;
  readonly faults?: readonly LogFault[];
  readonly losses?: readonly LogLoss[];
  readonly rollbacks?: readonly LogRollback[];
  /** Removes the storage of `log`, which was closed. */
  destroy?(log: EventLog): MaybePromise<void>;
}
