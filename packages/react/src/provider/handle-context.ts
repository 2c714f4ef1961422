import { createContext, useContext } from 'react';
import { WebSocketError } from '@ws/types';
import type { ClientHandle } from './client-handle.ts';

export const HandleContext = createContext<ClientHandle | null>(null);

/** The handle of the nearest provider. Throws `INVALID_OPTION` where there is none. */
export function useHandle(): ClientHandle {
  const handle = useContext(HandleContext);
  if (handle !== null) return handle;
  throw new WebSocketError('INVALID_OPTION', 'there is no WebSocketProvider above this component');
}
