// @vitest-environment jsdom
import { cleanup, configure, fireEvent, render, screen, waitForElementToBeRemoved } from '@testing-library/react';
import { WebSocketProvider } from '@ws/react';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startAgentServer } from './agent-server.ts';
import { ApprovalCard } from './approval-card.tsx';

// A busy machine takes its time.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

it('a tool runs when the user allows it', async () => {
  const { url, manager, close } = await startAgentServer('alice');
  onTestFinished(close);
  render(
    <WebSocketProvider options={{ url, WebSocket }}>
      <ApprovalCard runId="r1" />
    </WebSocketProvider>,
  );

  await using run = await manager.startRun({ agentName: 'cleaner', runId: 'r1' });
  const decision = run.requestApproval({ toolName: 'delete', args: { file: 'a.txt' } });
  await screen.findByText(/May it run delete\?/);
  fireEvent.click(screen.getByText('Allow'));

  expect(await decision).toMatchObject({ approved: true });
  await waitForElementToBeRemoved(() => screen.queryByLabelText('Approval'));
  await run.complete();
});
