import '../support/dom.ts';
import { act, cleanup, render, renderHook } from '@testing-library/react';
import type { WebSocketError } from '@ws/types';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useConnection, useRun, useThread, WebSocketProvider } from '../../src/index.ts';
import { ScriptedServer, settled } from '../support/scripted-server.ts';
import { chunk, started } from '../support/stage.tsx';

afterEach(cleanup);

function Status(): ReactNode {
  return useConnection().state.status;
}

const shown = (): string => document.body.textContent;
const drain = async (): Promise<void> => act(async () => settled());

describe('a provider with options', () => {
  it('connects once under StrictMode, and closes when it is unmounted', async () => {
    const server = new ScriptedServer();
    let tokens = 0;
    const token = (): string => `token-${(tokens += 1)}`;
    const page = render(
      <StrictMode>
        <WebSocketProvider options={server.options({ token })}>
          <Status />
        </WebSocketProvider>
      </StrictMode>,
    );
    await expect.poll(shown).toBe('live');
    expect({ sockets: server.sockets.length, tokens }).toEqual({ sockets: 1, tokens: 1 });
    page.unmount();
    await settled();
    expect(server.sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  it('makes no second client when it is rendered again, and another for another key', async () => {
    const server = new ScriptedServer();
    const page = (user: string): ReactNode => (
      <WebSocketProvider key={user} options={server.options({ token: user })}>
        <Status />
      </WebSocketProvider>
    );
    const { rerender } = render(page('alice'));
    await expect.poll(shown).toBe('live');
    rerender(page('alice'));
    await drain();
    expect(server.sockets).toHaveLength(1);
    rerender(page('bob'));
    await expect.poll(() => server.sockets.length).toBe(2);
    expect(server.sockets[0]?.isClosed).toBe(true);
    await expect.poll(shown).toBe('live');
  });

  it('tells of errors, and leaves them to the console where nobody listens', async () => {
    const server = new ScriptedServer();
    const errors: WebSocketError[] = [];
    const page = (onError?: (error: WebSocketError) => void): ReactNode => (
      <WebSocketProvider options={server.options()} {...(onError === undefined ? {} : { onError })}>
        <Status />
      </WebSocketProvider>
    );
    const { rerender } = render(page((error) => errors.push(error)));
    await drain();
    server.send({ type: 'error', code: 'INTERNAL', message: 'hm', fatal: false });
    expect(errors.map(({ code }) => code)).toEqual(['INTERNAL']);
    rerender(page());
    const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    server.send({ type: 'error', code: 'INTERNAL', message: 'hm', fatal: false });
    expect([errors.length, complained.mock.calls.length]).toEqual([1, 1]);
    complained.mockRestore();
  });

  it('says which option is wrong', () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const render_ = () =>
      render(
        <WebSocketProvider options={{ ...new ScriptedServer().options(), url: 'mailto:somebody' }}>
          <Status />
        </WebSocketProvider>,
      );
    expect(render_).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
    complained.mockRestore();
  });
});

describe('a provider with a client', () => {
  it('leaves connecting and closing to whoever made it, and what is known outlives it', async () => {
    const server = new ScriptedServer();
    const client = await server.client();
    const Thread = (): ReactNode => useThread('t1').openRunIds.join();
    const page = (
      <WebSocketProvider client={client}>
        <Thread />
      </WebSocketProvider>
    );
    const first = render(page);
    first.unmount();
    await settled();
    expect(client.state.status).toBe('live');
    // Nobody looks.
    server.emit(started);
    render(page);
    await expect.poll(shown).toBe('r1');
    expect(server.sockets).toHaveLength(1);
  });

  it('follows it from the beginning, also while no component reads', async () => {
    const server = new ScriptedServer();
    const client = await server.client();
    const Answer = (): ReactNode => useRun('r1')?.response;
    const page = (children: ReactNode): ReactNode => <WebSocketProvider client={client}>{children}</WebSocketProvider>;
    const { rerender } = render(page(null));
    server.emit(started);
    server.emit(chunk('from the beginning'));
    rerender(page(<Answer />));
    await expect.poll(shown).toBe('from the beginning');
  });

  it('does not connect it', async () => {
    const server = new ScriptedServer();
    const client = await server.client();
    client.close();
    render(
      <WebSocketProvider client={client}>
        <Status />
      </WebSocketProvider>,
    );
    await drain();
    expect(shown()).toBe('closed');
  });
});

it('a hook without a provider says so', () => {
  const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => renderHook(() => useConnection())).toThrow('there is no WebSocketProvider above this component');
  complained.mockRestore();
});
