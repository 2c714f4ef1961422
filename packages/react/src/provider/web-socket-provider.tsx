import { createClient, type Client, type ClientOptions } from '@ws/client';
import type { WebSocketError } from '@ws/types';
import { useEffect, useState, type ReactNode } from 'react';
import { useLatest } from '../hooks/use-latest.ts';
import { ClientHandle, handleOf } from './client-handle.ts';
import { HandleContext } from './handle-context.ts';

interface CommonProps {
  readonly children?: ReactNode;
  /** Told of what no promise reports. @default the console */
  readonly onError?: (error: WebSocketError) => void;
}

/** Props of {@link WebSocketProvider}: options, or a client. */
export type WebSocketProviderProps = CommonProps &
  (
    | {
        /**
         * The provider makes the client, connects it when it is mounted and closes it when it is unmounted. Read once, but for `threads`,
         * which may be others in each render: see `Client.setThreads`. To connect as somebody else, give the provider another `key`.
         */
        readonly options: Omit<ClientOptions, 'autoConnect'>;
        readonly client?: never;
      }
    | {
        /** A client that the application made, connects and closes itself. What is known of it outlives the provider. */
        readonly client: Client;
        readonly options?: never;
      }
  );

/**
 * Gives a client to the hooks below it.
 *
 * @example
 * ```tsx
 * <WebSocketProvider key={userId} options={{ url: '/ws', token: fetchToken, from: 'earliest' }}>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export function WebSocketProvider({ client, options, onError, children }: WebSocketProviderProps): ReactNode {
  return client === undefined ? (
    <OwnClient options={options} onError={onError}>
      {children}
    </OwnClient>
  ) : (
    <Provide handle={handleOf(client)} onError={onError}>
      {children}
    </Provide>
  );
}

type ErrorListener = CommonProps['onError'] | undefined;

function OwnClient(props: {
  readonly options: Omit<ClientOptions, 'autoConnect'>;
  readonly onError: ErrorListener;
  readonly children: ReactNode;
}): ReactNode {
  const { options, onError, children } = props;
  const [handle] = useState(() => new ClientHandle(() => createClient({ ...options, autoConnect: false })));
  useEffect(() => handle.hold(), [handle]);
  const report = useLatest(onError ?? console.error);
  // Ids hold no white space.
  const threads = options.threads?.join(' ');
  const from = options.from === 'earliest' ? 'earliest' : 'latest';
  useEffect(
    () => handle.see(threads?.split(' ') ?? null, from, (error) => report.current(error)),
    [handle, threads, from, report],
  );
  return (
    <Provide handle={handle} onError={onError}>
      {children}
    </Provide>
  );
}

function Provide(props: {
  readonly handle: ClientHandle;
  readonly onError: ErrorListener;
  readonly children: ReactNode;
}): ReactNode {
  const { handle, onError, children } = props;
  useEffect(() => handle.follow(), [handle]);
  const latest = useLatest(onError);
  const isHeard = onError !== undefined;
  useEffect(() => {
    if (isHeard) return handle.client.on('error', (error) => latest.current?.(error));
    return undefined;
  }, [handle, isHeard, latest]);
  return <HandleContext.Provider value={handle}>{children}</HandleContext.Provider>;
}
