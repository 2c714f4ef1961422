import '../support/dom.ts';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { useApproval, useCancel, useSendMessage } from '../../src/index.ts';
import { completed, RUN, setStage, started } from '../support/stage.tsx';

afterEach(cleanup);

const refusal = (code: string, ref: string) => ({ type: 'error', code, message: code, fatal: false, ref });

describe('useSendMessage', () => {
  it('is pending until the answer, and answers what the server said', async () => {
    const { server, wrapper } = await setStage();
    const { result } = renderHook(() => useSendMessage({ threadId: 't1' }), { wrapper });
    expect(result.current).toMatchObject({ isPending: false, error: null });
    let sent: unknown;
    act(() => void result.current.sendMessage({ text: 'Hi', messageId: 'm1' }).then((answer) => (sent = answer)));
    expect(result.current.isPending).toBe(true);
    expect(server.said.at(-1)).toEqual({
      type: 'user_message',
      message_id: 'm1',
      thread_id: 't1',
      payload: { text: 'Hi' },
    });
    await act(async () => server.send({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'r1' }));
    expect(result.current.isPending).toBe(false);
    expect(sent).toEqual({ messageId: 'm1', threadId: 't1', runId: 'r1' });
  });

  it('keeps the error until the next one is sent, or until it is forgotten, and never rejects', async () => {
    const { server, wrapper } = await setStage();
    const { result } = renderHook(() => useSendMessage(), { wrapper });
    const send = (): void => void result.current.sendMessage({ text: 'Hi', messageId: 'm1' });
    act(send);
    await act(async () => server.send(refusal('NO_AGENT', 'm1')));
    expect(result.current).toMatchObject({ isPending: false, error: { code: 'NO_AGENT' } });
    act(send);
    expect(result.current).toMatchObject({ isPending: true, error: null });
    await act(async () => server.send(refusal('RATE_LIMITED', 'm1')));
    expect(result.current.error).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    act(() => result.current.reset());
    expect(result.current.error).toBeNull();
  });

  it('is pending while one of several waits', async () => {
    const { server, wrapper } = await setStage();
    const { result } = renderHook(() => useSendMessage(), { wrapper });
    act(() => {
      for (const messageId of ['m1', 'm2']) void result.current.sendMessage({ text: 'Hi', messageId });
    });
    await act(async () => server.send({ type: 'accepted', ref: 'm2' }));
    expect(result.current.isPending).toBe(true);
    await act(async () => server.send({ type: 'accepted', ref: 'm1' }));
    expect(result.current.isPending).toBe(false);
  });

  it('keeps its functions', async () => {
    const { wrapper } = await setStage();
    const { result, rerender } = renderHook(() => useSendMessage({ threadId: 't1' }), { wrapper });
    const { sendMessage, reset, forget } = result.current;
    rerender();
    expect(result.current).toMatchObject({ sendMessage, reset, forget });
  });
});

describe('useCancel', () => {
  const ready = async () => {
    const stage = await setStage();
    const initialProps: { readonly runId: string | undefined } = { runId: RUN.run_id };
    const hook = renderHook(({ runId }) => useCancel(runId), { wrapper: stage.wrapper, initialProps });
    stage.server.emit(started);
    await stage.show();
    return { ...stage, ...hook };
  };

  it('is pending until the run has ended, not until the server has heard of it', async () => {
    const { server, result, show } = await ready();
    expect(result.current).toMatchObject({ canCancel: true, isPending: false });
    act(() => void result.current.cancel());
    expect(result.current).toMatchObject({ canCancel: false, isPending: true });
    await act(async () => server.send({ type: 'accepted', ref: 'r1' }));
    expect(result.current).toMatchObject({ canCancel: false, isPending: true });
    server.emit({ ...completed, payload: { status: 'cancelled', duration_ms: 1 } });
    await show();
    expect(result.current).toMatchObject({ canCancel: false, isPending: false, error: null });
  });

  it('takes a run that ended by itself meanwhile for what was wanted', async () => {
    const { server, result, show } = await ready();
    act(() => void result.current.cancel());
    server.emit(completed);
    await show();
    await act(async () => server.send(refusal('RUN_ALREADY_COMPLETED', 'r1')));
    expect(result.current).toMatchObject({ canCancel: false, isPending: false, error: null });
  });

  it('says why it could not, and can be asked again', async () => {
    const { server, result } = await ready();
    act(() => void result.current.cancel());
    await act(async () => server.send(refusal('FORBIDDEN', 'r1')));
    expect(result.current).toMatchObject({ canCancel: true, isPending: false, error: { code: 'FORBIDDEN' } });
  });

  it('says nothing of another run', async () => {
    const { server, result, rerender, show } = await ready();
    server.emit({ ...started, run_id: 'r2' });
    await show();
    act(() => void result.current.cancel());
    rerender({ runId: 'r2' });
    expect(result.current).toMatchObject({ canCancel: true, isPending: false });
    await act(async () => server.send(refusal('FORBIDDEN', 'r1')));
    expect(result.current.error).toBeNull();
    rerender({ runId: undefined });
    expect(result.current).toMatchObject({ canCancel: false, isPending: false });
  });
});

describe('useApproval', () => {
  const call = (id: string) =>
    ({
      type: 'tool_approval_requested',
      payload: { tool_call_id: id, tool_name: 'pay', args: { cents: 1 }, expires_at: 9 },
      ...RUN,
    }) as const;
  const resolved = (id: string) =>
    ({ type: 'tool_approval_resolved', payload: { tool_call_id: id, approved: true }, ...RUN }) as const;
  const ready = async (toolCallId?: string) => {
    const stage = await setStage();
    const hook = renderHook(() => useApproval(RUN.run_id, toolCallId), { wrapper: stage.wrapper });
    stage.server.emit(started);
    stage.server.emit(call('c1'));
    stage.server.emit(call('c2'));
    await stage.show();
    return { ...stage, ...hook };
  };

  it('is pending until the stream says that it is answered, and turns to the next one', async () => {
    const { server, result, show } = await ready();
    expect(result.current.approval).toMatchObject({ tool_call_id: 'c1', tool_name: 'pay', args: { cents: 1 } });
    act(() => void result.current.refuse('too much'));
    expect(server.said.at(-1)).toEqual({
      type: 'tool_approval',
      run_id: 'r1',
      tool_call_id: 'c1',
      approved: false,
      reason: 'too much',
    });
    await act(async () => server.send({ type: 'accepted', ref: 'c1' }));
    expect(result.current.isPending).toBe(true);
    server.emit(resolved('c1'));
    await show();
    expect(result.current).toMatchObject({ approval: { tool_call_id: 'c2' }, isPending: false });
  });

  it('approves nothing whose arguments are still being read, and shows them when they are', async () => {
    const approval = { tool_call_id: 'c1', tool_name: 'pay', args: null, args_omitted: true, expires_at: 9 } as const;
    const open_runs = [{ ...RUN, agent_name: 'a', started_offset: 1, pending_approvals: [approval] }];
    const stage = await setStage({}, { open_runs });
    const { result } = renderHook(() => useApproval(RUN.run_id), { wrapper: stage.wrapper });
    expect(stage.server.said.at(-1)).toEqual({ type: 'read_approval', run_id: 'r1', tool_call_id: 'c1' });
    expect(result.current.approval).toMatchObject({ args: null, args_omitted: true });
    await act(async () => result.current.approve());
    expect(result.current).toMatchObject({ isPending: false, error: { code: 'APPROVAL_ARGS_OMITTED' } });
    expect(stage.server.said.at(-1)).toMatchObject({ type: 'read_approval' });
    await act(async () => stage.server.send({ type: 'accepted', ref: 'c1', run_id: 'r1', args: { cents: 1 } }));
    await stage.show();
    expect(result.current.approval).toEqual({
      tool_call_id: 'c1',
      tool_name: 'pay',
      args: { cents: 1 },
      expires_at: 9,
    });
    act(() => void result.current.approve());
    expect(stage.server.said.at(-1)).toMatchObject({ type: 'tool_approval', approved: true });
  });

  it('says that another tab was first', async () => {
    const { server, result, show } = await ready('c1');
    act(() => void result.current.approve());
    server.emit(resolved('c1'));
    await show();
    await act(async () => server.send(refusal('APPROVAL_NOT_PENDING', 'c1')));
    expect(result.current).toMatchObject({
      approval: undefined,
      isPending: false,
      error: { code: 'APPROVAL_NOT_PENDING' },
    });
  });

  it('asks for nothing where nothing waits', async () => {
    const { server, result } = await ready('c9');
    const before = server.said.length;
    await act(() => result.current.approve());
    expect(result.current.approval).toBeUndefined();
    expect(server.said).toHaveLength(before);
  });
});
