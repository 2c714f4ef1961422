import './support/dom.ts';
import { cleanup, render, screen } from '@testing-library/react';
import { createClient } from '@ws/client';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { useConnection, useRun, WebSocketProvider } from '../src/index.ts';
import { AgentService, THREAD } from './support/agent-service.ts';

afterEach(cleanup);

function Status(): ReactNode {
  return <p data-testid="status">{useConnection().state.status}</p>;
}

function Answer({ runId }: { readonly runId: string }): ReactNode {
  const run = useRun(runId);
  return <p data-testid="run">{run === undefined ? 'unknown' : `${run.status}: ${run.response}`}</p>;
}

it('a run is seen live', async () => {
  const service = await AgentService.start();
  const ask = createClient(service.options('alice'));
  ask.connect();
  const { runId = '' } = await ask.sendMessage({ text: 'hello world', threadId: THREAD });
  render(
    <StrictMode>
      <WebSocketProvider options={service.options('alice')}>
        <Status />
        <Answer runId={runId} />
      </WebSocketProvider>
    </StrictMode>,
  );
  await expect.poll(() => screen.getByTestId('run').textContent).toBe('completed: You said: hello world');
  ask.close();
});
