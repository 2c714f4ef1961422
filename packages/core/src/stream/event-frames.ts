import type { EventId, Offset, ThreadId } from '@ws/types';
import { Frame, FrameGroup } from './frame.ts';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import { deltaText, withDeltaText } from './delta-text.ts';

/** A joined delta stops growing here, in characters, so that no frame is ever as long as a whole answer. */
const MAX_JOINED_CHARS = 32_768;

const VOLATILE_HEAD = '{"volatile":true';

/** How one connection looks at a stream. */
export interface View {
  /** Threads it asked for; `null` is all. Events of no thread are seen by everyone. */
  readonly threads: ReadonlySet<ThreadId> | null;
  /** Whether consecutive deltas of one run are joined. */
  readonly merge: boolean;
  /** Events that were shown as volatile before: their copies have to keep their own ids, so they are never joined. */
  readonly shown: ReadonlySet<EventId>;
}

/** Frames of a stretch of a stream, and the offset of the last event in them. */
export interface FrameRun {
  readonly group: FrameGroup;
  readonly lastOffset: Offset;
}

/**
 * Frames for `events` as `view` sees them, given that `lastOffset` is the last event this view has had. Filters by thread,
 * joins deltas, and says `prev` wherever the event before it in this view is not `offset - 1`.
 */
export function framesFor(events: readonly LogEvent[], view: View, lastOffset: Offset): FrameRun {
  const [only] = events;
  // The usual case, without lists that grow.
  if (only !== undefined && events.length === 1) return frameFor(only, view, lastOffset);
  const frames: Frame[] = [];
  let last = lastOffset;
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i];
    if (event === undefined || !isSeen(event, view.threads)) continue;
    const joined = view.merge ? joinDeltas(events, i, view, last) : undefined;
    if (joined !== undefined) {
      frames.push(joined.frame);
      i = joined.lastIndex;
      last = joined.offset;
    } else {
      const { offset, data } = event;
      frames.push(new Frame(data, frameHead(offset, last), offset));
      last = offset;
    }
  }
  return { group: new FrameGroup(frames), lastOffset: last };
}

function frameFor(event: LogEvent, { threads }: View, lastOffset: Offset): FrameRun {
  if (!isSeen(event, threads)) return { group: new FrameGroup([]), lastOffset };
  const { offset, data } = event;
  return { group: new FrameGroup([new Frame(data, frameHead(offset, lastOffset), offset)]), lastOffset: offset };
}

/** Frames for events that are in no log yet, as a connection sees them that asked for `threads`. */
export function volatileFrames(events: readonly NewLogEvent[], threads: View['threads']): FrameGroup {
  const seen = events.filter((event) => isSeen(event, threads));
  return new FrameGroup(seen.map(({ data }) => new Frame(data, VOLATILE_HEAD)));
}

function isSeen(event: NewLogEvent, threads: View['threads']): boolean {
  return threads === null || event.threadId === undefined || threads.has(event.threadId);
}

function frameHead(offset: Offset, prev: Offset): string {
  return prev === offset - 1 ? `{"offset":${offset}` : `{"offset":${offset},"prev":${prev}`;
}

interface JoinedDeltas {
  readonly frame: Frame;
  readonly offset: Offset;
  readonly lastIndex: number;
}

/** Joins the delta at `start` with those that follow it in the view and differ from it in their text alone, if any do. */
function joinDeltas(events: readonly LogEvent[], start: number, view: View, prev: Offset): JoinedDeltas | undefined {
  const first = events[start];
  if (first === undefined || view.shown.has(first.eventId)) return undefined;
  const firstDelta = deltaText(first);
  if (firstDelta === undefined) return undefined;
  const { rest } = firstDelta;
  let last = first;
  let lastIndex = start;
  let merged = 1;
  let { escaped } = firstDelta;
  for (let i = start + 1; i < events.length; i += 1) {
    const next = events[i];
    if (next === undefined) break;
    if (!isSeen(next, view.threads)) continue;
    if (view.shown.has(next.eventId) || next.type !== first.type || next.runId !== first.runId) break;
    const nextDelta = deltaText(next);
    if (nextDelta?.rest !== rest || escaped.length + nextDelta.escaped.length > MAX_JOINED_CHARS) break;
    escaped += nextDelta.escaped;
    last = next;
    lastIndex = i;
    merged += 1;
  }
  if (merged === 1) return undefined;
  const { offset } = last;
  const head = `${frameHead(offset, prev)},"merged":${merged}`;
  return { frame: new Frame(withDeltaText(last, { escaped, rest }), head, offset), offset, lastIndex };
}
