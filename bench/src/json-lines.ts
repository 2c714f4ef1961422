import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Calls `take` with each line of a stream as JSON. What arrives comes from a process of this run, in the shape `Message`. */
export function onJsonLines<Message>(input: Readable, take: (message: Message) => void): void {
  createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
    // Both ends are of this run: the sender's type is the receiver's.
    take(JSON.parse(line) as Message);
  });
}
