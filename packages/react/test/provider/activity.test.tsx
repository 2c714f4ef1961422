import '../support/dom.ts';
import { act, cleanup, render } from '@testing-library/react';
import { Activity, type ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { useConnection, useEvents, WebSocketProvider } from '../../src/index.ts';
import { ScriptedServer, settled } from '../support/scripted-server.ts';
import { started } from '../support/stage.tsx';

// React 18 has no `Activity`.

afterEach(cleanup);

function Status(): ReactNode {
  return useConnection().state.status;
}

const shown = (): string => document.body.textContent;

it('a provider closes where it is hidden, and comes back where it was', async () => {
  const server = new ScriptedServer();
  const seen: unknown[] = [];
  const Seen = (): ReactNode => {
    useEvents('agent_started', ({ run_id }) => void seen.push(run_id));
    return null;
  };
  const options = server.options();
  const page = (mode: 'visible' | 'hidden'): ReactNode => (
    <Activity mode={mode}>
      <WebSocketProvider options={options}>
        <Seen />
        <Status />
      </WebSocketProvider>
    </Activity>
  );
  const { rerender } = render(page('visible'));
  await expect.poll(shown).toBe('live');
  server.emit(started);
  rerender(page('hidden'));
  await act(async () => settled());
  expect(server.sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
  rerender(page('visible'));
  await expect.poll(shown).toBe('live');
  expect(server.said.filter(({ type }) => type === 'hello')).toMatchObject([
    { type: 'hello' },
    { from: { epoch: 'e1', offset: 1 } },
  ]);
  expect(seen).toEqual(['r1']);
});
