import { expect, test } from 'vitest';
import { PageReads } from '../../src/connection/page-reads.ts';

/** Reads that end when they are told to. */
function setUp() {
  const reads = new PageReads();
  const begun: number[] = [];
  const ends: { resolve: (page: string) => void; reject: (error: Error) => void }[] = [];
  const pages = Array.from({ length: 20 }, (_, n) =>
    reads.inTurn(
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(n);
          ends[n] = { resolve, reject };
        }),
    ),
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { begun, ends, pages, settle };
}

test('a few read at once, the others in the order they asked', async () => {
  const { begun, ends, pages, settle } = setUp();
  await settle();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  ends[3]?.resolve('three');
  expect(await pages[3]).toBe('three');
  await settle();
  expect(begun.slice(8)).toEqual([8]);
  for (let n = 0; n < 20; n += 1) {
    ends[n]?.resolve('page');
    await settle();
  }
  await Promise.all(pages);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('a read that fails fails for its reader alone, and gives its place on', async () => {
  const { begun, ends, pages, settle } = setUp();
  await settle();
  ends[0]?.reject(new Error('damaged'));
  await expect(pages[0]).rejects.toThrow('damaged');
  await settle();
  expect(begun).toHaveLength(9);
  for (let n = 1; n < 20; n += 1) {
    ends[n]?.resolve('page');
    await settle();
  }
  expect(await Promise.all(pages.slice(1))).toHaveLength(19);
});
