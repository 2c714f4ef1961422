import type { LegacyRows } from './legacy-row.ts';

const own = { kind: 'private', modules: [], replacement: '`createHub` of `@ws/core`: a hub for each test' } as const;

/** Private names that legacy tests reached for. They are not exported: the scanner knows what to do instead. */
export const PRIVATE_NAMES = {
  _factoryInstance: { code: 'WSDEP500', ...own },
  _factoryLock: { code: 'WSDEP501', ...own },
  _validateSsotUserContext: {
    code: 'WSDEP502',
    ...own,
    replacement: '`getWebSocketManager` of `@ws/core`, which checks its user context',
  },
} as const satisfies LegacyRows;
