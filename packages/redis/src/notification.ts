import type { AppendNotice, LogEvent } from '@ws/core/log';
import type { Offset } from '@ws/types';
import { toLogEvent } from './event-record.ts';

// Neither can be part of JSON text or of an id.
const RECORD = '\u001e';
const FIELD = '\u001f';

/** Takes a message on the channel of a stream apart, as far as needed to know whether it is news. `undefined` for one that is none of ours. */
export function readNotification(message: string): AppendNotice | undefined {
  const end = message.indexOf(RECORD);
  const [epoch = '', prev, last, count] = (end === -1 ? message : message.slice(0, end)).split(FIELD);
  if (epoch === '' || count === undefined) return undefined;
  return {
    epoch,
    prev: Number(prev),
    last: Number(last),
    events: () => (end === -1 ? [] : readEvents(message.slice(end + 1), Number(prev), Number(count))),
  };
}

function readEvents(text: string, prev: Offset, count: number): readonly LogEvent[] {
  const records = text.split(RECORD);
  // Data that is no JSON text and holds a separator: the stream has it to the letter.
  if (records.length !== count) return [];
  return records.map((record, index) => {
    const [id = '', header = '', data = ''] = record.split(FIELD);
    return toLogEvent(prev + index + 1, id, header, data);
  });
}
