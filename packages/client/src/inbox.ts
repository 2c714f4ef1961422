import {
  checkApplicationPayload,
  WebSocketError,
  type AcceptedFrame,
  type ConnectionReadyFrame,
  type ControlFrame,
  type EventMap,
  type EventSchemas,
  type JsonValue,
  type NumberedEvent,
  type OpenRun,
  type StreamEvent,
  type VolatileEvent,
  type VolatileStreamEvent,
  type WebSocketManagerMode,
  type WireFrame,
} from '@ws/types';
import type { ApprovalReader } from './approval-reader.ts';
import { withArgs } from './approvals.ts';
import type { ClientSignals, ReadySignal } from './client-signals.ts';
import { isConnected } from './client-state.ts';
import type { CredentialRefresh } from './credential-refresh.ts';
import { offsetBefore, type Cursor, type Numbered } from './cursor.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Listeners } from './listeners.ts';
import { applyToOpenRuns } from './open-runs.ts';
import type { Progress } from './progress.ts';
import type { ReadFrame } from './read-frames.ts';
import type { Readers } from './readers.ts';
import type { Requests } from './requests.ts';
import type { EventContext } from './stream-item.ts';

export type EventListeners = Listeners<{ [Type in keyof EventMap | '*']: [StreamEvent, EventContext] }>;
export type SignalListeners = Listeners<{ [Name in keyof ClientSignals]: [ClientSignals[Name]] }>;

export interface InboxParts {
  readonly cursor: Cursor;
  readonly readers: Readers;
  readonly handlers: EventListeners;
  readonly signals: SignalListeners;
  readonly requests: Requests;
  readonly approvals: Pick<ApprovalReader, 'start'>;
  readonly progress: Progress;
  readonly refresh: CredentialRefresh;
  readonly lifecycle: Lifecycle;
  /** The threads to begin with; `null` is all. */
  readonly threads: readonly string[] | null;
  /** Schemas of application events. */
  readonly schemas: EventSchemas | undefined;
  readonly report: (error: WebSocketError) => void;
  /** More may be processed. */
  readonly progressed: () => void;
}

/** What to do with each frame that arrives. */
export class Inbox {
  readonly #parts: InboxParts;
  mode: WebSocketManagerMode | null = null;
  openRuns: readonly OpenRun[] = [];
  /** The threads in force, as the server confirmed them; `null` is all. */
  threads: readonly string[] | null;
  /** Offset that `openRuns` was complete for when the connection began: replay changes nothing about it. */
  #openRunsUpTo = 0;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.threads = parts.threads;
  }

  /** The arguments of an approval came that was open without them. */
  argsRead(runId: string, toolCallId: string, args: JsonValue): void {
    this.#setOpenRuns(withArgs(this.openRuns, runId, toolCallId, args));
    this.#parts.signals.emit('approvalsRead', this.openRuns);
  }

  receive(read: ReadFrame): void {
    const { lifecycle, report } = this.#parts;
    if (read.kind === 'frame' && !isEvent(read.frame)) return this.#control(read.frame);
    if (!isConnected(lifecycle.state)) {
      if (read.kind !== 'frame') report(read.error);
      return lifecycle.violated('the first frame of a server is connection_ready');
    }
    switch (read.kind) {
      case 'frame':
        if (isEvent(read.frame)) this.#event(read.frame);
        return;
      case 'unreadable_event':
        return this.#passOver(read.place, read.error);
      case 'unreadable':
        return report(read.error);
    }
  }

  #event(wire: NumberedEvent | VolatileEvent): void {
    const { cursor, readers, lifecycle, schemas, report } = this.#parts;
    const checked = checkApplicationPayload(schemas, wire.type, wire.payload);
    if (!checked.ok) {
      const error = new WebSocketError(checked.code, `the server sent an event that does not fit: ${checked.message}`);
      return wire.offset === undefined ? report(error) : this.#passOver(wire, error);
    }
    // A socket can't be told to wait: the event is asked for again when there is room.
    if (readers.full) return lifecycle.pause();
    // The payload was checked against its type; application types that are not declared go to '*' alone.
    if (wire.offset === undefined) return this.#volatile(wire as unknown as VolatileStreamEvent);
    const event = wire as unknown as StreamEvent;
    const verdict = this.#place(event);
    if (verdict?.kind !== 'deliver') return;
    const { kind: _, ...replaces } = verdict;
    if (event.offset > this.#openRunsUpTo) this.#setOpenRuns(applyToOpenRuns(this.openRuns, event));
    this.#deliver(event, { replay: cursor.isReplay(event.offset), ...replaces });
    this.#moved(event.offset);
  }

  /** An event that can't be handed out: it is reported, and the position moves past it, since asking again would bring the same. */
  #passOver(place: Numbered, error: WebSocketError): void {
    if (this.#place(place)?.kind !== 'deliver') return;
    this.#parts.report(error);
    this.#moved(place.offset);
  }

  /** An event that is in no log yet. Its numbered copy follows. */
  #volatile(event: VolatileStreamEvent): void {
    const { cursor, readers, signals } = this.#parts;
    if (!cursor.admitVolatile(event.event_id)) return;
    readers.push({ kind: 'volatile', event });
    signals.emit('volatile', event);
  }

  #deliver(event: StreamEvent, context: EventContext): void {
    const { cursor, readers, handlers } = this.#parts;
    const epoch = cursor.position?.epoch ?? '';
    readers.push({ kind: 'event', event, ...context }, { epoch, offset: offsetBefore(event) });
    handlers.emit(event.type, event, context);
    handlers.emit('*', event, context);
  }

  /** Finds the place of a numbered event in the stream; a gap costs the connection. */
  #place(event: Numbered): ReturnType<Cursor['admit']> | null {
    const verdict = this.#parts.cursor.admit(event);
    if (verdict.kind !== 'gap') return verdict;
    this.#parts.lifecycle.violated(
      `events are missing: ${event.offset} follows ${offsetBefore(event)}, the last one here is ${verdict.expected}`,
    );
    return null;
  }

  #moved(offset: number): void {
    this.#parts.lifecycle.dispatch({ type: 'advanced', offset });
    this.#parts.progressed();
  }

  #control(frame: ControlFrame): void {
    const { cursor, readers, signals, requests, refresh, lifecycle, report } = this.#parts;
    switch (frame.type) {
      case 'connection_ready':
        return this.#ready(frame);
      case 'run_snapshot':
        cursor.snapshot(frame.run_id);
        readers.push({ kind: 'run_snapshot', snapshot: frame });
        signals.emit('runSnapshot', frame);
        return;
      case 'lagging':
        cursor.lagging(frame.head_offset);
        return lifecycle.dispatch({ type: 'lagging', headOffset: frame.head_offset });
      case 'caught_up':
        return lifecycle.dispatch({ type: 'caught_up' });
      case 'mode_changed':
        return this.#setMode(frame.mode, frame.reason);
      case 'server_draining':
        return lifecycle.drain(frame.reconnect_after_ms);
      case 'auth_expiring':
        return refresh.start();
      case 'auth_ok':
        return refresh.stop();
      case 'accepted':
        // Before anything that follows is looked at, and also if the request was given up meanwhile: the server sends what it says here.
        if (frame.offset !== undefined) this.#threadsSet(frame, frame.offset);
        return requests.accepted(frame);
      case 'error': {
        if (requests.refused(frame)) return;
        const error = new WebSocketError(frame.code, frame.message);
        if (frame.fatal) lifecycle.fatal(error);
        return report(error);
      }
      case 'pong':
      case 'frame_part':
        return;
    }
  }

  #threadsSet(frame: AcceptedFrame, offset: number): void {
    const { cursor, signals, approvals } = this.#parts;
    cursor.moveTo(offset);
    this.threads = frame.threads ?? null;
    this.#setOpenRuns(frame.open_runs ?? []);
    signals.emit('threads', this.threads);
    this.#moved(offset);
    approvals.start();
  }

  #ready(frame: ConnectionReadyFrame): void {
    const { cursor, readers, signals, requests, approvals, progress, lifecycle } = this.#parts;
    if (isConnected(lifecycle.state)) return lifecycle.violated('a server sends connection_ready once');
    const begun = cursor.ready(frame);
    if (begun === null) return lifecycle.reopen();
    const { reset, userChanged } = begun;
    if (userChanged) {
      readers.forget();
      requests.rejectAll(
        new WebSocketError('USER_CHANGED', 'another user is signed in now: this request is not sent any more'),
      );
    }
    const position = cursor.position ?? frame;
    progress.start(position, reset);
    lifecycle.ready(frame.heartbeat_ms);
    this.#openRunsUpTo = frame.head_offset;
    const runs = this.openRuns;
    this.openRuns = frame.open_runs;
    const ready = toReadySignal(frame);
    if (reset) {
      readers.push({ kind: 'reset', ready });
      signals.emit('reset', ready);
    }
    this.#setMode(frame.mode, '');
    this.#tellOpenRuns(runs);
    lifecycle.dispatch({ type: 'ready', offset: position.offset, headOffset: frame.head_offset });
    // One of the listeners may have closed the client.
    if (!isConnected(lifecycle.state)) return;
    signals.emit('ready', ready);
    requests.ready(frame.max_message_bytes);
    approvals.start();
  }

  #setMode(mode: WebSocketManagerMode, reason: string): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.#parts.signals.emit('mode', { mode, reason });
  }

  #setOpenRuns(runs: readonly OpenRun[]): void {
    const before = this.openRuns;
    this.openRuns = runs;
    this.#tellOpenRuns(before);
  }

  #tellOpenRuns(before: readonly OpenRun[]): void {
    const runs = this.openRuns;
    if (runs !== before && runs.length + before.length > 0) this.#parts.signals.emit('openRuns', runs);
  }
}

function isEvent(frame: WireFrame): frame is NumberedEvent | VolatileEvent {
  return 'event_id' in frame;
}

/** What applications see of the frame. */
function toReadySignal(frame: ConnectionReadyFrame): ReadySignal {
  const { mode, epoch, offset, recovery, expires_at } = frame;
  return {
    connectionId: frame.connection_id,
    userId: frame.user_id,
    mode,
    epoch,
    offset,
    oldestOffset: frame.oldest_offset,
    headOffset: frame.head_offset,
    recovery,
    heartbeatMs: frame.heartbeat_ms,
    maxMessageBytes: frame.max_message_bytes,
    ...(expires_at === undefined ? {} : { expiresAt: expires_at }),
    openRuns: frame.open_runs,
  };
}
