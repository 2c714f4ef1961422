import { describe, expect, it } from 'vitest';
import type { HelloFrame } from '@ws/types';
import { resumePosition, type PlacedCursor, type StreamEnds } from '../../src/connection/resume-position.ts';

interface Case {
  readonly name: string;
  readonly resume: HelloFrame['resume'];
  readonly ends?: Partial<StreamEnds>;
  readonly placed: PlacedCursor;
}

// The cases every log has to pass, seen from the cursor. The stream keeps offsets 11 to 20 unless a case says otherwise.
const CASES: readonly Case[] = [
  { name: 'no position', resume: undefined, placed: { position: 20, recovery: 'new' } },
  { name: 'exact position', resume: { epoch: 'e1', offset: 20 }, placed: { position: 20, recovery: 'resumed' } },
  { name: 'some missed', resume: { epoch: 'e1', offset: 15 }, placed: { position: 15, recovery: 'resumed' } },
  {
    name: 'just before the oldest',
    resume: { epoch: 'e1', offset: 10 },
    placed: { position: 10, recovery: 'resumed' },
  },
  { name: 'one trimmed away', resume: { epoch: 'e1', offset: 9 }, placed: { position: 10, recovery: 'reset' } },
  {
    name: 'from the start, trimmed away',
    resume: { epoch: 'e1', offset: 0 },
    placed: { position: 10, recovery: 'reset' },
  },
  { name: 'ahead of the log', resume: { epoch: 'e1', offset: 21 }, placed: { position: 10, recovery: 'reset' } },
  { name: 'wrong epoch', resume: { epoch: 'e0', offset: 15 }, placed: { position: 10, recovery: 'reset' } },
  {
    name: 'wrong epoch, offset 0',
    resume: { epoch: 'e0', offset: 0 },
    ends: { oldest: 1 },
    placed: { position: 0, recovery: 'reset' },
  },
  {
    name: 'from the oldest, all kept',
    resume: { offset: 0 },
    ends: { oldest: 1 },
    placed: { position: 0, recovery: 'resumed' },
  },
  { name: 'from the oldest, some let go', resume: { offset: 0 }, placed: { position: 10, recovery: 'reset' } },
  {
    name: 'empty log',
    resume: { epoch: 'e1', offset: 0 },
    ends: { oldest: 1, head: 0 },
    placed: { position: 0, recovery: 'resumed' },
  },
  {
    name: 'empty log, no position',
    resume: undefined,
    ends: { oldest: 1, head: 0 },
    placed: { position: 0, recovery: 'new' },
  },
  {
    name: 'expired log, at its head',
    resume: { epoch: 'e1', offset: 20 },
    ends: { oldest: 21 },
    placed: { position: 20, recovery: 'resumed' },
  },
  {
    name: 'expired log, before its head',
    resume: { epoch: 'e1', offset: 19 },
    ends: { oldest: 21 },
    placed: { position: 20, recovery: 'reset' },
  },
];

describe('placing a cursor', () => {
  it.each(CASES)('$name', ({ resume, ends, placed }) => {
    expect(resumePosition(resume, { epoch: 'e1', oldest: 11, head: 20, ...ends })).toEqual(placed);
  });
});
