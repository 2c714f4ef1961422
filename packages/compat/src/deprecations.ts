/** One legacy name: what it is, what replaces it and when it goes. */
export interface Deprecation {
  /** Permanent: a code is never given to another name. */
  readonly code: `WSDEP${number}`;
  readonly name: string;
  /** A `class` can't warn when it is used: a wrapper that could would no longer be the same class. */
  readonly kind: 'class' | 'function';
  readonly replacement: string;
  /** The version in which the name is removed. */
  readonly removal: string;
}

const REMOVAL = '2.0.0';
const MANAGER = '`UnifiedWebSocketManager` of `@ws/core`';
const FACTORY = '`getWebSocketManager` of `@ws/core`';

/** Every legacy name of the package, by code. New ones are added at the end. */
export const DEPRECATIONS = [
  { code: 'WSDEP001', name: 'WebSocketManager', kind: 'class', replacement: MANAGER, removal: REMOVAL },
  {
    code: 'WSDEP002',
    name: '_UnifiedWebSocketManagerImplementation',
    kind: 'class',
    replacement: MANAGER,
    removal: REMOVAL,
  },
  { code: 'WSDEP003', name: 'WebSocketConnectionManager', kind: 'class', replacement: MANAGER, removal: REMOVAL },
  { code: 'WSDEP004', name: 'WebSocketManagerCanonical', kind: 'class', replacement: MANAGER, removal: REMOVAL },
  { code: 'WSDEP005', name: 'IsolatedWebSocketManager', kind: 'class', replacement: MANAGER, removal: REMOVAL },
  { code: 'WSDEP006', name: 'WebSocketManagerAdapter', kind: 'class', replacement: MANAGER, removal: REMOVAL },
  { code: 'WSDEP007', name: 'get_websocket_manager', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP008', name: 'getWebSocketManagerAsync', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP009', name: 'createWebSocketManager', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP010', name: 'create_websocket_manager', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP011', name: 'createWebSocketManagerAsync', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP012', name: 'getManager', kind: 'function', replacement: FACTORY, removal: REMOVAL },
  { code: 'WSDEP013', name: 'getUnifiedWebSocketManager', kind: 'function', replacement: FACTORY, removal: REMOVAL },
] as const satisfies readonly Deprecation[];

/** A legacy name that can tell that it is used. */
export type DeprecatedFunction = Extract<(typeof DEPRECATIONS)[number], { readonly kind: 'function' }>['name'];
