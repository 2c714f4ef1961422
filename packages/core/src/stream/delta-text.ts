import { isDeltaEvent } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';

const PAYLOAD = ',"payload":{';
const BEFORE_DELTA = `${PAYLOAD}"delta":"`;
const QUOTE = 34;
const BACKSLASH = 92;

/** What an encoded event says as a delta. */
export interface DeltaText {
  /** The text between the quotes of the delta, still escaped, so that deltas are joined without decoding them. */
  readonly escaped: string;
  /** What follows the text, from its closing quote: the other fields of the payload. */
  readonly rest: string;
}

/** The delta of an event; `undefined` where there is none, or where it does not come first in the payload. */
export function deltaText({ type, data }: LogEvent): DeltaText | undefined {
  if (!isDeltaEvent(type)) return undefined;
  // Inside a JSON string a quote is escaped, so the first match is the envelope's own payload.
  const at = data.indexOf(PAYLOAD);
  if (at < 0 || !data.startsWith(BEFORE_DELTA, at)) return undefined;
  const start = at + BEFORE_DELTA.length;
  const end = closingQuote(data, start);
  return end < 0 ? undefined : { escaped: data.slice(start, end), rest: data.slice(end) };
}

/** The encoded event with another text in place of that of its delta. Only for events that have a {@link deltaText}. */
export function withDeltaText({ data }: LogEvent, { escaped, rest }: DeltaText): string {
  const start = data.indexOf(PAYLOAD) + BEFORE_DELTA.length;
  return `${data.slice(0, start)}${escaped}${rest}`;
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
