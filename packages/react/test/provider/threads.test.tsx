import '../support/dom.ts';
import { act, cleanup, render } from '@testing-library/react';
import type { WebSocketError } from '@ws/types';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { useConnection, WebSocketProvider } from '../../src/index.ts';
import { ScriptedServer, settled } from '../support/scripted-server.ts';

afterEach(cleanup);

const drain = async (): Promise<void> => act(async () => settled());

/** A page that is live, with the threads it was rendered with. */
async function open(server: ScriptedServer, threads: readonly string[] | undefined, from?: 'earliest') {
  const errors: string[] = [];
  const onError = ({ code }: WebSocketError): void => void errors.push(code);
  const page = (shown: readonly string[] | undefined): ReactNode => (
    <StrictMode>
      <WebSocketProvider
        options={server.options({
          backoff: { minMs: 1, maxMs: 1 },
          ...(shown === undefined ? {} : { threads: shown }),
          ...(from === undefined ? {} : { from }),
        })}
        onError={onError}
      >
        <Status />
      </WebSocketProvider>
    </StrictMode>
  );
  const { rerender } = render(page(threads));
  await expect.poll(() => document.body.textContent).toBe('live');
  const show = async (shown: readonly string[] | undefined): Promise<void> => {
    rerender(page(shown));
    await drain();
  };
  return { show, errors };
}

function Status(): ReactNode {
  return useConnection().state.status;
}

const asked = ({ said }: ScriptedServer) => said.filter((frame) => frame.type === 'set_threads');
const hellos = ({ said }: ScriptedServer) => said.filter((frame) => frame.type === 'hello');

/** Answers the request at `index`. */
function accept(server: ScriptedServer, index: number): void {
  const { request_id: ref, threads } = asked(server)[index] ?? {};
  server.send({ type: 'accepted', ref, offset: 0, ...(threads === undefined ? {} : { threads }), open_runs: [] });
}

describe('the threads of a provider', () => {
  it('change with its options, on the same connection, and hold for the next', async () => {
    const server = new ScriptedServer();
    const { show } = await open(server, ['t1']);
    await show(['t1']);
    expect(asked(server)).toEqual([]);
    await show(['t2', 't3']);
    expect(asked(server)).toMatchObject([{ threads: ['t2', 't3'] }]);
    accept(server, 0);
    await drain();
    await show(undefined);
    expect(asked(server)[1]).not.toHaveProperty('threads');
    accept(server, 1);
    await drain();
    expect(server.sockets).toHaveLength(1);
    server.close();
    await expect.poll(() => hellos(server).length).toBe(2);
    expect(hellos(server)).toMatchObject([{ threads: ['t1'] }, {}]);
    expect(hellos(server)[1]).not.toHaveProperty('threads');
  });

  it('are those of the last render, however late an earlier request is answered', async () => {
    const server = new ScriptedServer();
    const { show } = await open(server, ['t1']);
    await show(['t2']);
    await show(['t1']);
    expect(asked(server)).toHaveLength(1);
    accept(server, 0);
    await drain();
    expect(asked(server)).toMatchObject([{ threads: ['t2'] }, { threads: ['t1'] }]);
  });

  it('start over where the stream began with the oldest event', async () => {
    const server = new ScriptedServer();
    const { show } = await open(server, ['t1'], 'earliest');
    await show(['t2']);
    accept(server, 0);
    await expect.poll(() => hellos(server).length).toBe(2);
    expect(hellos(server)[1]).toMatchObject({ threads: ['t2'], from: 'earliest' });
  });

  it('that are refused are told to onError, and those before stay', async () => {
    const server = new ScriptedServer();
    const { show, errors } = await open(server, ['t1']);
    await show(['t2']);
    const ref = asked(server)[0]?.request_id;
    server.send({ type: 'error', code: 'THREAD_NOT_ALLOWED', message: 'not t2', fatal: false, ref });
    await drain();
    expect(errors).toEqual(['THREAD_NOT_ALLOWED']);
    expect(asked(server)).toHaveLength(1);
  });
});
