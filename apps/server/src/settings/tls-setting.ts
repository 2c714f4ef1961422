import type { TlsFiles } from '@ws/server';
import { WebSocketError } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';

/** Reads WS_TLS_CERT and WS_TLS_KEY; `undefined` where neither is set. Throws `INVALID_OPTION` where one is missing. */
export function readTlsSetting(env: EnvironmentReader): TlsFiles | undefined {
  const certFile = env.text('WS_TLS_CERT');
  const keyFile = env.text('WS_TLS_KEY');
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new WebSocketError('INVALID_OPTION', 'WS_TLS_CERT and WS_TLS_KEY go together: set both, or neither');
  }
  return { certFile, keyFile };
}
