import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRunEvent, type RunState } from '@ws/types';
import type { LogEvent } from '../../src/log.ts';
import {
  advanceCheckpoint,
  decodeCheckpoint,
  EMPTY_CHECKPOINT,
  encodeCheckpoint,
  restoreRuns,
  type Checkpoint,
} from '../../src/stream/checkpoint.ts';
import { delta, logEvent } from '../support/log-events.ts';
import { validEvents } from '../support/valid-events.ts';

const fold = (events: readonly LogEvent[], from: Checkpoint = EMPTY_CHECKPOINT): Checkpoint =>
  advanceCheckpoint(from, events);

describe('a checkpoint', () => {
  it('of the first events, advanced by the rest, is the checkpoint of all, also through its text', () => {
    fc.assert(
      fc.property(validEvents, fc.nat(60), (events, cut) => {
        const first = fold(events.slice(0, cut));
        const all = fold(events);
        expect(fold(events.slice(cut), first)).toEqual(all);
        expect(fold(events.slice(cut), decodeCheckpoint(encodeCheckpoint(first)))).toEqual(all);
        expect(all.offset).toBe(events.length);
      }),
    );
  });

  it('holds the state of each open run as one sees it who saw every event', () => {
    fc.assert(
      fc.property(validEvents, (events) => {
        const checkpoint = fold(events);
        for (const run of checkpoint.open) {
          const own = events.filter(({ runId }) => runId === run.run_id);
          const state = own.reduce<RunState | undefined>((before, { type, data }) => {
            const { payload } = JSON.parse(data) as { payload: unknown };
            return foldRunEvent(before, { type, payload });
          }, undefined);
          expect(run.state).toEqual(state);
        }
        const ended = new Set(checkpoint.ended.map(([runId]) => runId));
        expect(new Set(events.map(({ runId }) => runId))).toEqual(
          new Set([...ended, ...checkpoint.open.map((run) => run.run_id)]),
        );
      }),
    );
  });

  const TIGHT = { textChars: 2, toolChars: 150 };

  it('keeps the newest text and calls of a long run, and says how much is missing, wherever it was cut', () => {
    fc.assert(
      fc.property(validEvents, fc.nat(60), (events, cut) => {
        const tight = advanceCheckpoint(EMPTY_CHECKPOINT, events, TIGHT);
        const inTwo = advanceCheckpoint(EMPTY_CHECKPOINT, events.slice(0, cut), TIGHT);
        expect(advanceCheckpoint(inTwo, events.slice(cut), TIGHT)).toEqual(tight);
        const whole = new Map(fold(events).open.map(({ run_id, state }) => [run_id, state]));
        expect(tight.open.map(({ run_id }) => run_id)).toEqual([...whole.keys()]);
        for (const { run_id, state } of tight.open) expectEndOf(whole.get(run_id), state);
      }),
      { numRuns: 300 },
    );
  });

  function expectEndOf(whole: RunState | undefined, state: RunState): void {
    const { thinking, response, tools } = state.omitted ?? { thinking: 0, response: 0, tools: 0 };
    expect(state.thinking).toBe(whole?.thinking.slice(thinking));
    expect(state.response).toBe(whole?.response.slice(response));
    const kept = whole?.tools.filter((tool) =>
      state.tools.some(({ tool_call_id }) => tool_call_id === tool.tool_call_id),
    );
    expect(state.tools).toEqual(kept);
    expect(whole?.tools.length).toBe(state.tools.length + tools);
    expect(Math.max(state.thinking.length, state.response.length)).toBeLessThanOrEqual(TIGHT.textChars);
    const finished = state.tools.filter(({ status }) => status !== 'executing');
    expect(finished.reduce((sum, tool) => sum + JSON.stringify(tool).length, 0)).toBeLessThanOrEqual(TIGHT.toolChars);
    const executing = whole?.tools.filter(({ status }) => status === 'executing') ?? [];
    expect(state.tools).toEqual(expect.arrayContaining(executing));
  }

  it('of a run that streamed ten megabytes takes a quarter of one', () => {
    let checkpoint = fold([logEvent(1, { type: 'agent_started', runId: 'r1', payload: { agent_name: 'a' } })]);
    for (let page = 0; page < 20; page += 1) {
      const events = Array.from({ length: 500 }, (_, i) =>
        delta(2 + page * 500 + i, `${page} `.repeat(512).slice(0, 1_024)),
      );
      checkpoint = fold(events, checkpoint);
    }
    expect(encodeCheckpoint(checkpoint).length).toBeLessThan(300_000);
    const state = checkpoint.open[0]?.state;
    expect(state?.omitted?.thinking).toBe(20 * 500 * 1_024 - 262_144);
    expect(state?.thinking.endsWith('19 1')).toBe(true);
  });

  it('cuts no character in two', () => {
    const events = [
      logEvent(1, { type: 'agent_started', runId: 'r1', payload: { agent_name: 'a' } }),
      delta(2, 'ab😀cdefgh'),
    ];
    const { open } = advanceCheckpoint(EMPTY_CHECKPOINT, events, { ...TIGHT, textChars: 7 });
    expect(open[0]?.state).toMatchObject({ thinking: 'cdefgh', omitted: { thinking: 4 } });
  });

  it('gives the run table back', () => {
    fc.assert(
      fc.property(validEvents, (events) => {
        const checkpoint = fold(events);
        const runs = restoreRuns(decodeCheckpoint(encodeCheckpoint(checkpoint)));
        expect(fold([], checkpoint)).toEqual(checkpoint);
        expect(runs.openCount).toBe(checkpoint.open.length);
        const ended = checkpoint.ended.map(([runId, status, threadId], index) => {
          const { offset: first } = events.find((event) => event.runId === runId) ?? { offset: 0 };
          const { offset: last } = events.findLast((event) => event.runId === runId) ?? { offset: 0 };
          expect(checkpoint.ended_offsets?.[index]).toEqual([first, last]);
          return [runId, { status, threadId, offsets: [first, last] }];
        });
        expect([...runs.endedRuns()]).toEqual(ended);
        const threadOf = new Map(events.map(({ runId, threadId }) => [runId, threadId]));
        for (const [runId, { threadId }] of runs.endedRuns()) expect(threadId).toBe(threadOf.get(runId));
      }),
    );
  });

  it('that was written before the threads of ended runs were kept is read as one without them', () => {
    const runs = restoreRuns(decodeCheckpoint('{"offset":9,"open":[],"ended":[["r1","cancelled"]]}'));
    expect([...runs.endedRuns()]).toEqual([['r1', { status: 'cancelled', threadId: undefined }]]);
  });

  it.each([
    ['', 'not JSON'],
    ['{"offset":1', 'cut off'],
    ['null', 'no object'],
    ['[]', 'an array'],
    ['{"offset":"1","open":[],"ended":[]}', 'a wrong offset'],
    ['{"offset":1,"open":[]}', 'a missing field'],
    ['{"offset":1,"open":[{}],"ended":[]}', 'an empty run'],
    ['{"offset":1,"open":[null],"ended":[]}', 'no run'],
    ['{"offset":1,"open":[],"ended":[1]}', 'a wrong end'],
    ['{"offset":1,"open":[],"ended":[],"ended_offsets":[7]}', 'wrong offsets'],
  ])('that is damaged is refused with LOG_CORRUPT: %s (%s)', (text) => {
    expect(() => decodeCheckpoint(text)).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  });
});
