import { act } from '@testing-library/react';
import type { ClientOptions } from '@ws/client';
import type { ConnectionReadyFrame } from '@ws/types';
import type { ReactNode } from 'react';
import { ClientHandle } from '../../src/provider/client-handle.ts';
import { HandleContext } from '../../src/provider/handle-context.ts';
import { Frames } from './frames.ts';
import { ScriptedServer } from './scripted-server.ts';

/**
 * A provider whose server and frames do as a test says.
 *
 * @param ready - laid over each `connection_ready`
 */
export async function setStage(options: Partial<ClientOptions> = {}, ready: Partial<ConnectionReadyFrame> = {}) {
  const server = new ScriptedServer();
  server.ready = ready;
  const client = await server.client(options);
  const frames = new Frames();
  const handle = new ClientHandle(() => client, {
    schedule: frames.schedule,
    now: () => Date.now(),
    monotonic: () => performance.now(),
  });
  // The store follows its client from now on.
  const { store } = handle;
  const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
    <HandleContext.Provider value={handle}>{children}</HandleContext.Provider>
  );
  /** The frame comes, and React does what follows from it. */
  const show = async (): Promise<void> => act(async () => frames.show());
  return { server, client, frames, store, wrapper, show };
}

export const RUN = { run_id: 'r1', thread_id: 't1' } as const;

export const started = { type: 'agent_started', payload: { agent_name: 'a' }, ...RUN } as const;

export const chunk = (delta: string) => ({ type: 'agent_response_chunk', payload: { delta }, ...RUN }) as const;

export const completed = {
  type: 'agent_completed',
  payload: { status: 'completed', duration_ms: 1 },
  ...RUN,
} as const;
