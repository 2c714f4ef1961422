import '../support/dom.ts';
import { cleanup, renderHook } from '@testing-library/react';
import type { WebSocketError } from '@ws/types';
import { afterEach, describe, expect, it } from 'vitest';
import { useEvents, useLatestEvent } from '../../src/index.ts';
import { chunk, completed, setStage, started } from '../support/stage.tsx';

afterEach(cleanup);

describe('useEvents', () => {
  it('calls the handler of the newest render with what fits its filter, at once and in order', async () => {
    const { server, wrapper } = await setStage();
    const seen: string[] = [];
    const hook = renderHook(
      ({ name, runId }) =>
        useEvents(
          { type: ['agent_started', 'agent_completed'], runId },
          (event) => void seen.push(`${name} ${event.type}`),
        ),
      { wrapper, initialProps: { name: 'first', runId: 'r1' } },
    );
    server.emit(started);
    server.emit(chunk('hm'));
    expect(seen).toEqual(['first agent_started']);
    hook.rerender({ name: 'second', runId: 'r1' });
    server.emit(completed);
    expect(seen.at(-1)).toBe('second agent_completed');
    hook.rerender({ name: 'third', runId: 'r2' });
    server.emit({ ...started, run_id: 'r3' });
    server.emit({ ...started, run_id: 'r2' });
    expect(seen.slice(2)).toEqual(['third agent_started']);
    hook.unmount();
    server.emit({ ...completed, run_id: 'r2' });
    expect(seen).toHaveLength(3);
  });

  it('reports what the handler throws, and goes on', async () => {
    const { server, client, wrapper } = await setStage();
    const errors: WebSocketError[] = [];
    client.on('error', (error) => errors.push(error));
    let calls = 0;
    renderHook(
      () =>
        useEvents('*', () => {
          calls += 1;
          throw new Error('hm');
        }),
      { wrapper },
    );
    server.emit(started);
    server.emit(chunk('hm'));
    expect([calls, errors.map(({ code }) => code)]).toEqual([2, ['CALLBACK_FAILED', 'CALLBACK_FAILED']]);
  });
});

describe('useLatestEvent', () => {
  it('has the newest that fits, also from before it was mounted', async () => {
    const { server, wrapper, show } = await setStage();
    server.emit({ ...started, payload: { agent_name: 'one' } });
    server.emit({ ...started, run_id: 'r2', payload: { agent_name: 'two' } });
    server.emit(chunk('hm'));
    await show();
    const { result, rerender } = renderHook(
      ({ runId }) => useLatestEvent({ type: 'agent_started', runId })?.payload.agent_name,
      { wrapper, initialProps: { runId: undefined as string | undefined } },
    );
    expect(result.current).toBe('two');
    rerender({ runId: 'r1' });
    expect(result.current).toBe('one');
    server.emit({ ...started, payload: { agent_name: 'three' } });
    await show();
    expect(result.current).toBe('three');
  });

  it('knows the last 256, however many text deltas come', async () => {
    const { server, wrapper, store, show } = await setStage();
    server.emit(started);
    for (let n = 0; n < 2_000; n += 1) server.emit(chunk('hm'));
    await show();
    const { result } = renderHook(() => useLatestEvent('agent_started')?.run_id, { wrapper });
    expect(result.current).toBe('r1');
    for (let n = 0; n < 1_000; n += 1) server.emit({ ...completed, run_id: `r${n}` });
    await show();
    expect(result.current).toBeUndefined();
    expect(store.shown.recent).toHaveLength(256);
  });
});
