import { describe, expect, it } from 'vitest';
import { streamKey, type LogEvent } from '../../src/log.ts';
import { MemoryEventLog } from '../../src/log/memory-log.ts';
import { readHistory, type HistoryQuery, type HistoryRead } from '../../src/stream/read-history.ts';
import { toEventId, toThreadId, toUserId } from '@ws/types';

const key = streamKey(toUserId('alice'));
const clock = { soon: (task: () => void) => void setImmediate(task) };

interface Written {
  readonly thread?: string;
  readonly bytes?: number;
}

/** A log with a stream of such events, and a reader of it. */
function streamOf(events: readonly Written[]) {
  const log = new MemoryEventLog();
  log.append(
    key,
    events.map(({ thread, bytes = 10 }, index) => ({
      eventId: toEventId(`e${index + 1}`),
      type: 'app.note',
      ...(thread === undefined ? {} : { threadId: toThreadId(thread) }),
      timestamp: 1,
      data: JSON.stringify({ text: 'x'.repeat(bytes) }),
    })),
  );
  const read = async (query: Partial<HistoryQuery>, head = events.length): Promise<HistoryRead> =>
    readHistory(log, clock, { key, head }, { after: 0, limit: 1_000, ...query });
  return { log, read };
}

const offsets = ({ events }: { readonly events: readonly LogEvent[] }): readonly number[] =>
  events.map(({ offset }) => offset);

/** Every page, to the end that the reader is told. */
async function pages(
  read: (query: Partial<HistoryQuery>) => Promise<HistoryRead>,
  query: Partial<HistoryQuery>,
): Promise<(readonly number[])[]> {
  const found: (readonly number[])[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: HistoryRead = await read({ ...query, after });
    found.push(offsets(page));
    after = page.nextAfter;
  }
  return found;
}

describe('a page of history', () => {
  it('says where the next begins, until there is none', async () => {
    const { read } = streamOf(Array<Written>(5).fill({}));
    expect(await pages(read, { limit: 2 })).toEqual([[1, 2], [3, 4], [5]]);
    expect(await pages(read, { limit: 5 })).toEqual([[1, 2, 3, 4, 5]]);
    expect(await read({ after: 5 })).toEqual({
      epoch: expect.any(String) as unknown,
      events: [],
      readUpTo: 5,
      bytesRead: 0,
    });
  });

  it('ends before it is larger than a mebibyte, and one larger event is a page', async () => {
    const sizes = [400_000, 400_000, 400_000, 2_000_000, 10];
    const { read } = streamOf(sizes.map((bytes) => ({ bytes })));
    expect(await pages(read, {})).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('ends there also where a log hands out more', async () => {
    const { log } = streamOf(Array<Written>(3).fill({ bytes: 500_000 }));
    const all = [0, 1, 2].flatMap((after) => log.read(key, after, 1).events);
    const generous = { ...log, read: () => ({ epoch: 'e', events: all }) } as unknown as MemoryEventLog;
    const page = await readHistory(generous, clock, { key, head: 3 }, { after: 0, limit: 10 });
    expect([offsets(page), page.nextAfter]).toEqual([[1, 2], 2]);
  });

  it('holds what is in view, and counts all that was read', async () => {
    const { read } = streamOf([{ thread: 't1' }, { thread: 't2', bytes: 5_000 }, {}, { thread: 't1' }]);
    const page = await read({ threads: ['t1'] });
    expect([offsets(page), page.nextAfter]).toEqual([[1, 3, 4], undefined]);
    expect(page.bytesRead).toBeGreaterThan(5_000);
  });

  it.each([
    ['a limit', { limit: 2 }, [[1, 13], [25, 37], [49]]],
    ['a mebibyte', { limit: 100 }, [[1, 13], [25, 37], [49]]],
  ])('of threads ends at %s, and the next goes on there', async (_what, query, expected) => {
    const events = Array.from({ length: 50 }, (_, n) =>
      n % 12 === 0 ? { thread: 't1', bytes: query.limit === 2 ? 10 : 500_000 } : { thread: 't2' },
    );
    const { read } = streamOf(events);
    expect(await pages(read, { ...query, threads: ['t1'] })).toEqual(expected);
  });

  it('of threads that are rare ends where enough was looked through, also with nothing in it', async () => {
    const { read } = streamOf([...Array<Written>(10_000).fill({ thread: 't2' }), { thread: 't1' }]);
    const first = await read({ threads: ['t1'], limit: 100 });
    expect([offsets(first), first.nextAfter]).toEqual([[], 3_100]);
    const found = await pages(read, { threads: ['t1'], limit: 100 });
    expect(found.flat()).toEqual([10_001]);
    expect(found).toHaveLength(4);
  });

  it('goes on where another process has appended what this one has not heard of', async () => {
    const { log, read } = streamOf(Array<Written>(4).fill({}));
    expect((await read({ limit: 2 }, 2)).nextAfter).toBeUndefined();
    // What a log for several processes has.
    Object.assign(log, { shared: {} });
    expect((await read({ limit: 2 }, 2)).nextAfter).toBe(2);
    expect((await read({ after: 2, limit: 2 }, 2)).nextAfter).toBeUndefined();
  });
});
