import '../support/dom.ts';
import { cleanup, render } from '@testing-library/react';
import { memo, type ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import {
  useConnection,
  useLatestEvent,
  useRun,
  useRuns,
  useThread,
  WebSocketProvider,
  type ThreadEntry,
} from '../../src/index.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { chunk, completed, setStage, started } from '../support/stage.tsx';

afterEach(cleanup);

const DELTAS = 10_000;

/** Components that read different things, and how often each was rendered. */
function readers() {
  const renders = { text: 0, status: 0, other: 0, thread: 0, entry: 0, runs: 0, connection: 0, event: 0 };
  const Text = (): ReactNode => {
    renders.text += 1;
    return useRun('r1')?.response.length;
  };
  const Status = (): ReactNode => {
    renders.status += 1;
    // An object that is made anew each time, of values that are the same.
    return useRun('r1', (run) => ({ status: run?.status, tools: run?.tools.length })).status;
  };
  const Other = (): ReactNode => {
    renders.other += 1;
    return useRun('r2')?.response;
  };
  const Entry = memo(function Entry(_: { readonly entry: ThreadEntry }): ReactNode {
    renders.entry += 1;
    return null;
  });
  const Thread = (): ReactNode => {
    renders.thread += 1;
    return useThread('t1').entries.map((entry) => (
      <Entry key={entry.kind === 'run' ? entry.runId : entry.messageId} entry={entry} />
    ));
  };
  const Runs = (): ReactNode => {
    renders.runs += 1;
    return useRuns({ threadId: 't1', status: 'completed' }).length;
  };
  const ConnectionState = (): ReactNode => {
    renders.connection += 1;
    return useConnection().state.status;
  };
  const Newest = (): ReactNode => {
    renders.event += 1;
    return useLatestEvent({ type: 'agent_completed', threadId: 't1' })?.payload.status;
  };
  const page = (
    <>
      <Text />
      <Status />
      <Other />
      <Thread />
      <Runs />
      <ConnectionState />
      <Newest />
    </>
  );
  return { renders, page };
}

describe('a stream of tokens', () => {
  it(`of ${DELTAS} deltas in 100 frames renders what shows the text 100 times, and nothing else`, async () => {
    const { server, wrapper, show } = await setStage();
    const { renders, page } = readers();
    render(page, { wrapper });
    server.emit(started);
    await show();
    const before = { ...renders };
    for (let frame = 0; frame < 100; frame += 1) {
      for (let n = 0; n < DELTAS / 100; n += 1) server.emit(chunk('word '));
      await show();
    }
    expect(renders).toEqual({ ...before, text: before.text + 100 });
    expect(document.body.textContent).toContain(String(DELTAS * 'word '.length));

    const streamed = { ...renders };
    server.emit(completed);
    await show();
    expect(renders).toEqual({
      ...streamed,
      text: streamed.text + 1,
      status: streamed.status + 1,
      thread: streamed.thread + 1,
      runs: streamed.runs + 1,
      event: streamed.event + 1,
    });
  });

  it('renders once a frame at most in a page with frames of its own', async () => {
    const server = new ScriptedServer();
    const { renders, page } = readers();
    render(<WebSocketProvider options={server.options()}>{page}</WebSocketProvider>);
    await expect.poll(() => document.body.textContent).toContain('live');
    let frames = 0;
    let isDone = false;
    const count = (): void => {
      frames += 1;
      if (!isDone) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    server.emit(started);
    for (let n = 0; n < DELTAS; n += 1) {
      server.emit(chunk('word '));
      // Messages of a socket come one by one, so that frames come between them.
      if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => document.body.textContent).toContain(String(DELTAS * 'word '.length));
    isDone = true;
    console.log(
      `${DELTAS} deltas: ${renders.text} renders of the text in ${frames} frames, ${renders.thread} of the thread`,
    );
    // The first render and the one of the connection are not of the stream.
    expect(renders.text).toBeLessThanOrEqual(frames + 2);
    expect(renders.text).toBeGreaterThan(1);
    expect(renders.thread).toBeLessThanOrEqual(3);
  });
});
