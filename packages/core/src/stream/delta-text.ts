import { isDeltaEvent } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';

const PAYLOAD = ',"payload":{';
const BEFORE_DELTA = `${PAYLOAD}"delta":"`;
const AFTER_DELTA = '"}}';
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * The text between the quotes of an encoded event's delta, still escaped, so that deltas are joined without decoding them.
 * `undefined` for events that carry no delta or more than it: those are never joined.
 */
export function escapedDelta(event: LogEvent): string | undefined {
  if (!isDeltaEvent(event.type)) return undefined;
  const { data } = event;
  // Inside a JSON string a quote is escaped, so the first match is the envelope's own payload.
  const at = data.indexOf(BEFORE_DELTA);
  if (at < 0) return undefined;
  const start = at + BEFORE_DELTA.length;
  const end = data.length - AFTER_DELTA.length;
  return closingQuote(data, start) === end ? data.slice(start, end) : undefined;
}

/** The encoded event with another delta in place of its own. Only for events whose {@link escapedDelta} is defined. */
export function withEscapedDelta(event: LogEvent, delta: string): string {
  const at = event.data.indexOf(BEFORE_DELTA);
  return `${event.data.slice(0, at + BEFORE_DELTA.length)}${delta}${AFTER_DELTA}`;
}

/**
 * As {@link escapedDelta}, of an event whose payload may say more behind its delta: for a fold, which reads nothing else of it. `undefined`
 * where the delta does not come first.
 */
export function leadingDelta(event: LogEvent): string | undefined {
  if (!isDeltaEvent(event.type)) return undefined;
  const { data } = event;
  const at = data.indexOf(PAYLOAD);
  if (at < 0 || !data.startsWith(BEFORE_DELTA, at)) return undefined;
  const start = at + BEFORE_DELTA.length;
  const end = closingQuote(data, start);
  return end < 0 ? undefined : data.slice(start, end);
}

/** Where the string ends that begins at `from`. Nearly all hold no quote, and are not looked at letter by letter. */
function closingQuote(text: string, from: number): number {
  const likely = text.indexOf('"', from);
  if (text.charCodeAt(likely - 1) !== BACKSLASH) return likely;
  for (let i = from; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === BACKSLASH) i += 1;
    else if (unit === QUOTE) return i;
  }
  return -1;
}
