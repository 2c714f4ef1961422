import { act, type ReactNode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { JSDOM } from 'jsdom';
import { expect, it, vi } from 'vitest';
import {
  useApproval,
  useCancel,
  useConnection,
  useEvents,
  useLatestEvent,
  useRetryIn,
  useRun,
  useRuns,
  useSendMessage,
  useThread,
  WebSocketProvider,
} from '../../src/index.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { RUN, started } from '../support/stage.tsx';

function Everything(): ReactNode {
  const { state } = useConnection();
  const run = useRun(RUN.run_id);
  const seen = [useRuns(), useThread('t1').entries, useApproval(RUN.run_id).approval, useRetryIn()];
  const asked = [useSendMessage(), useCancel(RUN.run_id)].map(({ isPending }) => isPending);
  const newest = useLatestEvent('agent_completed');
  useEvents('*', () => undefined);
  return <p>{JSON.stringify({ state: state.status, run: run?.status, seen, asked, newest })}</p>;
}

const IDLE = '{"state":"idle","seen":[[],[],null,null],"asked":[false,false]}';

it('a server renders without an address, a WebSocket or a client, and the page takes over from what it rendered', async () => {
  // As on a server of Node 20.
  vi.stubGlobal('WebSocket', undefined);
  const html = renderToString(
    <WebSocketProvider options={{ url: '/ws' }}>
      <Everything />
    </WebSocketProvider>,
  );
  expect(html.replaceAll('&quot;', '"')).toBe(`<p>${IDLE}</p>`);

  const { window } = new JSDOM(`<!doctype html><body><div id="root">${html}</div></body>`);
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);

  // A client that knows more than the server did, before the first component is hydrated.
  const server = new ScriptedServer();
  const client = await server.client();
  const page = (
    <WebSocketProvider client={client}>
      <Everything />
    </WebSocketProvider>
  );
  const text = (): string => window.document.body.textContent;
  const container = window.document.getElementById('root');
  if (container === null) throw new Error('the page has a root');
  const recovered: unknown[] = [];
  const root = await act(async () =>
    hydrateRoot(container, page, { onRecoverableError: (error) => recovered.push(error) }),
  );
  expect(text()).toContain('"state":"live"');
  server.emit(started);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
  await expect.poll(text).toContain('"run":"running"');
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await act(async () => root.unmount());
  expect({ recovered, complaints: complaints.mock.calls }).toEqual({ recovered: [], complaints: [] });
});
