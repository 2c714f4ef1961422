/** One message of a stream of Server-Sent Events. */
export interface StreamMessage {
  /** Empty for messages without a name. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a stream of Server-Sent Events as this protocol writes it: blocks that end with an empty line, one line of data in each. A block
 * without data shows that the server is alive, and is passed on as `null`. The `id` is first in its block. Reading ends when `take`
 * returns `false`.
 *
 * @param heard - so many bytes came that complete no block: a piece of an event that takes a slow link long
 */
export async function readEventStream(
  body: ReadableStream<Uint8Array>,
  take: (message: StreamMessage | null, id: string | undefined) => unknown,
  heard: (bytes: number) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const blocks = (text + decoder.decode(chunk.value, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    if (blocks.length === 0) heard(chunk.value.length);
    for (const block of blocks)
      if (take(readBlock(block), /^id: (.+)/.exec(block)?.[1]) === false) return reader.cancel();
  }
}

function readBlock(block: string): StreamMessage | null {
  let event = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7);
    else if (line.startsWith('data: ')) data = line.slice(6);
  }
  return data === '' ? null : { event, data };
}
