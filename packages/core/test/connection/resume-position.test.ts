import { describe, expect, it } from 'vitest';
import type { StartFrom } from '@ws/types';
import { resumePosition, type PlacedCursor, type StreamEnds } from '../../src/stream/resume-position.ts';

interface Case {
  readonly name: string;
  readonly from: StartFrom;
  readonly ends?: Partial<StreamEnds>;
  readonly placed: PlacedCursor;
}

// The cases every log has to pass, seen from the cursor. The stream keeps offsets 11 to 20 unless a case says otherwise.
const CASES: readonly Case[] = [
  { name: 'no position', from: 'latest', placed: { position: 20, recovery: 'new' } },
  { name: 'exact position', from: { epoch: 'e1', offset: 20 }, placed: { position: 20, recovery: 'resumed' } },
  { name: 'some missed', from: { epoch: 'e1', offset: 15 }, placed: { position: 15, recovery: 'resumed' } },
  {
    name: 'just before the oldest',
    from: { epoch: 'e1', offset: 10 },
    placed: { position: 10, recovery: 'resumed' },
  },
  { name: 'one trimmed away', from: { epoch: 'e1', offset: 9 }, placed: { position: 10, recovery: 'reset' } },
  {
    name: 'from the start, trimmed away',
    from: { epoch: 'e1', offset: 0 },
    placed: { position: 10, recovery: 'reset' },
  },
  { name: 'ahead of the log', from: { epoch: 'e1', offset: 21 }, placed: { position: 10, recovery: 'reset' } },
  { name: 'wrong epoch', from: { epoch: 'e0', offset: 15 }, placed: { position: 10, recovery: 'reset' } },
  {
    name: 'wrong epoch, offset 0',
    from: { epoch: 'e0', offset: 0 },
    ends: { oldest: 1 },
    placed: { position: 0, recovery: 'reset' },
  },
  {
    name: 'from the oldest, all kept',
    from: 'earliest',
    ends: { oldest: 1 },
    placed: { position: 0, recovery: 'resumed' },
  },
  { name: 'from the oldest, some let go', from: 'earliest', placed: { position: 10, recovery: 'reset' } },
  {
    name: 'empty log',
    from: { epoch: 'e1', offset: 0 },
    ends: { oldest: 1, head: 0 },
    placed: { position: 0, recovery: 'resumed' },
  },
  {
    name: 'empty log, no position',
    from: 'latest',
    ends: { oldest: 1, head: 0 },
    placed: { position: 0, recovery: 'new' },
  },
  {
    name: 'expired log, at its head',
    from: { epoch: 'e1', offset: 20 },
    ends: { oldest: 21 },
    placed: { position: 20, recovery: 'resumed' },
  },
  {
    name: 'expired log, before its head',
    from: { epoch: 'e1', offset: 19 },
    ends: { oldest: 21 },
    placed: { position: 20, recovery: 'reset' },
  },
];

describe('placing a cursor', () => {
  it.each(CASES)('$name', ({ from, ends, placed }) => {
    expect(resumePosition(from, { epoch: 'e1', oldest: 11, head: 20, ...ends })).toEqual(placed);
  });
});
