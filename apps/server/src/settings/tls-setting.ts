import type { TlsFiles } from '@ws/server';
import { WebSocketError } from '@ws/types';
import type { SettingValues } from './table/settings-table.ts';

/** The files of TLS; `undefined` where neither is set. Throws `INVALID_OPTION` where one is missing. */
export function tlsSetting({ WS_TLS_CERT: certFile, WS_TLS_KEY: keyFile }: SettingValues): TlsFiles | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new WebSocketError('INVALID_OPTION', 'WS_TLS_CERT and WS_TLS_KEY go together: set both, or neither');
  }
  return { certFile, keyFile };
}
